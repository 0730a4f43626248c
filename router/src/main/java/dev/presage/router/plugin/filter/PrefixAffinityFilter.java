package dev.presage.router.plugin.filter;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Round;

/**
 * Keeps to endpoints that hold most of the prompt, unless they would answer much later than the best of the others.
 *
 * @param threshold share of the prompt from which an endpoint is one of them; 0 switches the filter off
 * @param exploration probability with which the filter leaves everything
 * @param maxPenaltyMs how much later the first token may come; 0 for any
 * @param predicted whether the model says when, else in-flight tokens by {@code tokensPerSecond}
 */
record PrefixAffinityFilter(
        double threshold, double exploration, double maxPenaltyMs, boolean predicted, double tokensPerSecond)
        implements Filter {
    private static final double MS = 1000;

    static PrefixAffinityFilter read(Parameters given) {
        given.producers("prefixMatchInfoProducerName", "inFlightLoadProducerName", "latencyPredictionInfoProducerName");
        return new PrefixAffinityFilter(
                given.number("affinityThreshold", 0, 1, 0.80),
                given.number("explorationProbability", 0, 1, 0),
                given.number("maxTTFTPenaltyMs", 0, 1e9, 18_000),
                given.choice("ttftSource", "prefillThroughput", "prefillThroughput", "latencyPredictor")
                        .equals("latencyPredictor"),
                given.number("peakPrefillThroughput", 1, 1e9, 15_928));
    }

    @Override
    public boolean binds() {
        return false;
    }

    @Override
    public Kept keep(Round round) {
        if (round.size() < 2 || threshold <= 0) {
            return Kept.all(round);
        }
        if (exploration > 0 && round.random().nextDouble() < exploration) {
            return Kept.all(round).drawn(exploration);
        }
        Kept sticky = Kept.where(round, i -> round.cachedShare(i) >= threshold);
        boolean useless = sticky.isEmpty() || sticky.candidates().length < round.size() && tooLate(round);
        return (useless ? Kept.all(round) : sticky).drawn(1 - exploration);
    }

    private boolean tooLate(Round round) {
        double sticky = Double.POSITIVE_INFINITY;
        double other = Double.POSITIVE_INFINITY;
        for (int i = 0; i < round.size(); i++) {
            if (round.cachedShare(i) >= threshold) {
                sticky = Math.min(sticky, ttftMs(round, i));
            } else {
                other = Math.min(other, ttftMs(round, i));
            }
        }
        return maxPenaltyMs > 0 && sticky - other > maxPenaltyMs;
    }

    private double ttftMs(Round round, int candidate) {
        if (predicted) {
            return round.predicted(candidate) ? round.ttftMs(candidate) : Double.POSITIVE_INFINITY;
        }
        return round.candidates().get(candidate, Feature.PENDING_TOKENS) / tokensPerSecond * MS;
    }
}
