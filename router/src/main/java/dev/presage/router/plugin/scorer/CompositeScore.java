package dev.presage.router.plugin.scorer;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.plugin.Round;

/**
 * What the latency scorer falls back on: the weighted mean of free KV cache, {@code (max - q) / max} of the queue and the prompt's
 * cached share, in steps of a hundredth.
 */
record CompositeScore(double kvWeight, double queueWeight, double prefixWeight) {
    private static final double STEPS = 100;

    double[] score(Round round) {
        double longest = 0;
        for (int i = 0; i < round.size(); i++) {
            longest = Math.max(longest, round.candidates().get(i, Feature.WAITING));
        }
        double weights = kvWeight + queueWeight + prefixWeight;
        double[] scores = new double[round.size()];
        for (int i = 0; i < scores.length && weights > 0; i++) {
            double queue = longest == 0 ? 1 : (longest - round.candidates().get(i, Feature.WAITING)) / longest;
            double sum = kvWeight * (1 - round.candidates().get(i, Feature.KV_USAGE))
                    + queueWeight * queue
                    + prefixWeight * round.cachedShare(i);
            scores[i] = Math.round(sum / weights * STEPS) / STEPS;
        }
        return scores;
    }
}
