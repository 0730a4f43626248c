package dev.presage.router.plugin.scorer;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Scorer;

/** {@code 0.5 * (1 - min(q, t) / t)} of the requests that wait; 0.5 for an empty queue. */
record LoadAwareScorer(double threshold) implements Scorer {
    private static final double IDLE = 0.5;

    @Override
    public double[] score(Round round) {
        double[] scores = new double[round.size()];
        for (int i = 0; i < scores.length; i++) {
            double waiting = Math.min(round.candidates().get(i, Feature.WAITING), threshold);
            scores[i] = IDLE * (1 - waiting / threshold);
        }
        return scores;
    }
}
