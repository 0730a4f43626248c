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
        public double[] costs(CandidateMatrix candidates, Predictions predictions) {
            double[] costs = new double[candidates.size()];
            for (int i = 0; i < costs.length; i++) {
                costs[i] = predictions.locationMs(Target.TTFT, i);
            }
            return costs;
        }
    },

    /**
     * Its own, and the delay that its prefill imposes on others, in two parts.
     *
     * <p>What is computed here though another endpoint holds it, the fleet need not compute at all. It delays as many as wait at an average
     * endpoint, and what it evicts is computed again ({@link CandidateMatrix#displacement}), which delays those who ask for that and as
     * many behind them. At the fleet's mean speed, as nobody knows where that will be; so work that must be done anyway costs the
     * same everywhere.
     *
     * <p>Prefill is served in order, so it delays whoever comes before the queue is empty. By Little's law those are about as many as
     * wait there now. Requests that turn away from the longer queue make the others' longer, so as many as wait at an average endpoint
     * are delayed elsewhere. An average queue of up to {@link #BURST} requests is what bursts leave; there nobody may come.
     */
    FLEET_LATENCY("fleet-latency") {
        @Override
        public double[] costs(CandidateMatrix candidates, Predictions predictions) {
            double[] costs = new double[candidates.size()];
            double queue = 0;
            double tokens = 0;
            double tokensMs = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < costs.length; i++) {
                double own = candidates.get(i, Feature.UNCACHED_TOKENS);
                queue += candidates.get(i, Feature.PENDING_REQUESTS) / costs.length;
                tokens += own;
                tokensMs += candidates.ownMs(i, predictions.locationMs(Target.TTFT, i));
                least = Math.min(least, own);
            }
            double delayed = queue <= BURST ? 0 : (queue - BURST) / queue;
            for (int i = 0; i < costs.length; i++) {
                double repeated = candidates.get(i, Feature.UNCACHED_TOKENS) - least;
                double waiting = queue + candidates.get(i, Feature.PENDING_REQUESTS);
                double ttftMs = predictions.locationMs(Target.TTFT, i);
                double displaced = candidates.displacement(i);
                costs[i] = ttftMs
                        + (queue + displaced * (1 + queue)) * repeated * tokensMs / Math.max(1, tokens)
                        + candidates.ownMs(i, ttftMs) * waiting * delayed;
            }
            return costs;
        }
    };

    private static final double BURST = 4;

    private final String label;

    Objective(String label) {
        this.label = label;
    }

    /** As configuration and reports write it. */
    public String label() {
        return label;
    }
}
