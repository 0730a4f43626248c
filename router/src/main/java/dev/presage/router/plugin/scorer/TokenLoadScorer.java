package dev.presage.router.plugin.scorer;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Scorer;

/** {@code 1 - min(1, (tokens in flight + uncached tokens of this request) / full)}. */
record TokenLoadScorer(double fullTokens) implements Scorer {
    static TokenLoadScorer read(Parameters given) {
        given.producers("inFlightLoadProducerName");
        return new TokenLoadScorer(given.number("queueThresholdTokens", 1, 1e12, 4_194_304));
    }

    @Override
    public double[] score(Round round) {
        double[] scores = new double[round.size()];
        for (int i = 0; i < scores.length; i++) {
            double tokens = round.candidates().get(i, Feature.PENDING_TOKENS)
                    + round.candidates().get(i, Feature.DECODING_CONTEXT)
                    + round.candidates().get(i, Feature.UNCACHED_TOKENS);
            scores[i] = 1 - Math.min(1, tokens / fullTokens);
        }
        return scores;
    }
}
