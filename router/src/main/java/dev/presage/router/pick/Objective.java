package dev.presage.router.pick;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;

/** What a learned pick makes small, in milliseconds. */
public enum Objective implements Cost {
    /** The request's own predicted TTFT. */
    OWN_LATENCY("own-latency") {
        @Override
        public double cost(CandidateMatrix candidates, Predictions predictions, int i) {
            return predictions.locationMs(Target.TTFT, i);
        }
    },

    /**
     * Its own, and what its prefill makes those wait who come to that endpoint before it is idle again: work once put into
     * a busy queue delays everyone until the queue is empty. How many that are follows from the endpoint's own rate of
     * arrivals (Little's law over the rest of the busy period, M/G/1).
     */
    FLEET_LATENCY("fleet-latency") {
        @Override
        public double cost(CandidateMatrix candidates, Predictions predictions, int i) {
            double ttft = predictions.locationMs(Target.TTFT, i);
            double own = candidates.get(i, Feature.UNCACHED_TOKENS);
            double queued = own + candidates.get(i, Feature.PENDING_TOKENS);
            double ownMs = ttft * own / Math.max(1, queued);
            double tokensPerMs = queued / Math.max(1, ttft);
            double busy = Math.min(MAX_UTILISATION, candidates.get(i, Feature.PREFILL_RATE) * 1e-3 / tokensPerMs);
            return ttft + ownMs * Math.min(MAX_DELAYED, busy / (1 - busy) * queued / Math.max(1, own));
        }
    };

    private static final double MAX_UTILISATION = 0.95;

    /** The request's own prefill counts at most twice: more makes a replica idle while its neighbour's queue is short. */
    private static final double MAX_DELAYED = 1;

    private final String label;

    Objective(String label) {
        this.label = label;
    }

    /** As configuration and reports write it. */
    public String label() {
        return label;
    }
}
