package dev.presage.router.plugin.scorer;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Scorer;

/** {@code (max - v) / (max - min)} of one signal; 1 for all when all are equal. */
record SpreadScorer(Feature signal) implements Scorer {
    @Override
    public double[] score(Round round) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double[] scores = new double[round.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = round.candidates().get(i, signal);
            min = Math.min(min, scores[i]);
            max = Math.max(max, scores[i]);
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i] = max == min ? 1 : (max - scores[i]) / (max - min);
        }
        return scores;
    }
}
