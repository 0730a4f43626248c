package dev.presage.router.pick;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.predict.CandidateMatrix;
import java.util.random.RandomGenerator;

/**
 * LMETRIC (arXiv 2603.15202): prefill tokens still to be computed, this request's own included, times the batch size. No
 * knobs; the baseline to beat.
 */
public record LmetricPolicy() implements Policy {
    @Override
    public String name() {
        return "lmetric";
    }

    @Override
    public Choice choose(CandidateMatrix candidates, RandomGenerator random) {
        double[] costs = new double[candidates.size()];
        for (int i = 0; i < costs.length; i++) {
            costs[i] = candidates.tokensAhead(i, 1) * batch(candidates, i);
        }
        return LowestCost.of(name(), costs, random);
    }

    /** Requests that the candidate would have under way. */
    static double batch(CandidateMatrix candidates, int candidate) {
        return 1
                + candidates.get(candidate, Feature.PENDING_REQUESTS)
                + candidates.get(candidate, Feature.DECODING_REQUESTS);
    }
}
