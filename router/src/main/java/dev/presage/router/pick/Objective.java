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
     * Its own, and the delay that its prefill imposes on others: prefill is served in order, so it delays whoever comes before
     * the queue is empty. By Little's law those are about as many as wait there now. Requests that turn away from the longer
     * queue make the others' longer, so as many as wait at an average endpoint are delayed elsewhere.
     *
     * <p>Queues of less than {@link #BURST} requests are what bursts leave; there nobody may come, and the charge is scaled down with
     * the average queue. It vanishes with the load.
     */
    FLEET_LATENCY("fleet-latency") {
        @Override
        public double[] costs(CandidateMatrix candidates, Predictions predictions) {
            double[] costs = new double[candidates.size()];
            double average = 0;
            for (int i = 0; i < costs.length; i++) {
                average += candidates.get(i, Feature.PENDING_REQUESTS) / costs.length;
            }
            double loaded = average / (average + BURST);
            for (int i = 0; i < costs.length; i++) {
                double ttft = predictions.locationMs(Target.TTFT, i);
                double own = candidates.get(i, Feature.UNCACHED_TOKENS);
                double ownMs = ttft * own / Math.max(1, own + candidates.get(i, Feature.PENDING_TOKENS));
                double delayed = average + candidates.get(i, Feature.PENDING_REQUESTS);
                costs[i] = ttft + ownMs * delayed * loaded;
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
