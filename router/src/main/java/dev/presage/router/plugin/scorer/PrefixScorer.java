package dev.presage.router.plugin.scorer;

import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Scorer;

/** {@code w * min(1, matched tokens / scale)^2 + (1 - w) * matched share of the prompt}. */
record PrefixScorer(double lengthWeight, double scaleTokens) implements Scorer {
    static final PrefixScorer SHARE = new PrefixScorer(0, 8192);

    static PrefixScorer read(Parameters given) {
        given.producers("prefixMatchInfoProducerName");
        return new PrefixScorer(
                given.number("matchLengthWeight", 0, 1, SHARE.lengthWeight),
                given.number("matchLengthScaleTokens", 1, 1e9, SHARE.scaleTokens));
    }

    @Override
    public double[] score(Round round) {
        double[] scores = new double[round.size()];
        for (int i = 0; i < scores.length; i++) {
            double length = Math.min(1, round.candidates().cachedTokens(i) / scaleTokens);
            scores[i] = lengthWeight * length * length + (1 - lengthWeight) * round.cachedShare(i);
        }
        return scores;
    }
}
