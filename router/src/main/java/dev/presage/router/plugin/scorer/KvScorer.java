package dev.presage.router.plugin.scorer;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Scorer;

/** {@code 1 - KV usage}. Where it is unknown, the mean of the others: an endpoint that nobody could scrape is not idle. */
record KvScorer() implements Scorer {
    @Override
    public double[] score(Round round) {
        double[] scores = new double[round.size()];
        double sum = 0;
        int known = 0;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = 1 - round.candidates().get(i, Feature.KV_USAGE);
            if (round.candidates().fresh(i)) {
                sum += scores[i];
                known++;
            }
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i] = known == 0 || round.candidates().fresh(i) ? scores[i] : sum / known;
        }
        return scores;
    }
}
