package dev.presage.router.pick;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.predict.CandidateMatrix;
import java.util.random.RandomGenerator;

/**
 * LMETRIC (arXiv 2603.15202): prefill tokens still to be computed, this request's own included, times the batch size. No
 * knobs; the rule to fall back on and the baseline to beat.
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
            double tokens = candidates.get(i, Feature.PENDING_TOKENS) + candidates.get(i, Feature.UNCACHED_TOKENS);
            double batch =
                    1 + candidates.get(i, Feature.PENDING_REQUESTS) + candidates.get(i, Feature.DECODING_REQUESTS);
            costs[i] = tokens * batch;
        }
        return LowestCost.of(name(), costs, random);
    }
}
