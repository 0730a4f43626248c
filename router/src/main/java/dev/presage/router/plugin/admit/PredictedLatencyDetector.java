package dev.presage.router.plugin.admit;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.fleet.EndpointState;
import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.SaturationDetector;

/**
 * Saturation by the predicted wait of this very request: its predicted TTFT less the part that is its own prefill, over {@code
 * maxWait}. So an endpoint is kept busy, but not so far ahead that a more important request would have to wait behind what was sent.
 * The KV cache counts with what is on its way there. Where nothing is predicted, queue and KV cache decide as in {@link
 * UtilizationDetector}. An idle endpoint is never full.
 *
 * @param maxWaitMs the wait at which an endpoint is full
 * @param kv the share of the KV cache at which it is
 * @param queue waiting requests at which it is where nothing is predicted
 * @param maxHoldMs how long a request may be held for a full endpoint that is predicted to answer sooner
 */
record PredictedLatencyDetector(double maxWaitMs, double kv, double queue, double headroom, double maxHoldMs)
        implements SaturationDetector, Filter {
    static final PredictedLatencyDetector DEFAULT = new PredictedLatencyDetector(300, 0.95, 2, 0, 30_000);

    static PredictedLatencyDetector read(Parameters given) {
        return new PredictedLatencyDetector(
                given.number("maxWaitMs", 1, 3.6e6, DEFAULT.maxWaitMs),
                given.number("kvCacheUtilThreshold", 1e-6, 1, DEFAULT.kv),
                given.number("queueDepthThreshold", 1e-6, 1e9, DEFAULT.queue),
                given.number("headroom", 0, 1e6, DEFAULT.headroom),
                given.number("maxHoldMs", 0, 60_000, DEFAULT.maxHoldMs));
    }

    @Override
    public String type() {
        return "predicted-latency-detector";
    }

    @Override
    public double of(Round round, int candidate, int unseen) {
        EndpointState state = round.state(candidate);
        if (state.queue().inFlight() == 0 && round.candidates().get(candidate, Feature.RUNNING) == 0) {
            return 0;
        }
        double wait = round.predicted(candidate)
                ? predictedWaitMs(round, candidate) / maxWaitMs
                : waiting(round, candidate, unseen) / queue;
        return Math.max(wait, kvShare(round, candidate, state) / kv);
    }

    /** A request's prefill takes its share of the work that is in front of its first token. */
    private static double predictedWaitMs(Round round, int candidate) {
        double pending = round.candidates().get(candidate, Feature.PENDING_TOKENS);
        double own = round.candidates().get(candidate, Feature.UNCACHED_TOKENS);
        return round.ttftMs(candidate) * pending / Math.max(1, pending + own);
    }

    private static double waiting(Round round, int candidate, int unseen) {
        return round.candidates().get(candidate, Feature.WAITING)
                + (round.candidates().fresh(candidate) ? unseen : 0);
    }

    private static double kvShare(Round round, int candidate, EndpointState state) {
        long capacity = state.signals().kvCapacityTokens();
        double coming = round.candidates().get(candidate, Feature.PENDING_TOKENS)
                + round.candidates().get(candidate, Feature.UNCACHED_TOKENS);
        return round.candidates().get(candidate, Feature.KV_USAGE) + (capacity == 0 ? 0 : coming / capacity);
    }

    @Override
    public Kept keep(Round round) {
        return Kept.whereAny(round, i -> of(round, i, 0) <= 1 + headroom);
    }
}
