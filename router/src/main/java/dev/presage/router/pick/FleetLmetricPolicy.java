package dev.presage.router.pick;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.predict.CandidateMatrix;
import java.util.random.RandomGenerator;

/**
 * LMETRIC for the fleet: what {@link LmetricPolicy} counts, and beyond it, at the fleet's mean batch size, the prefill tokens that are
 * computed here though another candidate holds them. These displace from the cache what somebody computes anew. No knobs, no
 * model, no scrape: the rule to fall back on.
 */
public record FleetLmetricPolicy() implements Policy {
    @Override
    public String name() {
        return "fleet-lmetric";
    }

    @Override
    public Choice choose(CandidateMatrix candidates, RandomGenerator random) {
        double[] costs = new double[candidates.size()];
        double least = Double.POSITIVE_INFINITY;
        double batches = 0;
        for (int i = 0; i < costs.length; i++) {
            double batch = LmetricPolicy.batch(candidates, i);
            costs[i] = candidates.tokensAhead(i, 1) * batch;
            batches += batch;
            least = Math.min(least, candidates.get(i, Feature.UNCACHED_TOKENS));
        }
        for (int i = 0; i < costs.length; i++) {
            costs[i] += (candidates.get(i, Feature.UNCACHED_TOKENS) - least) * batches / costs.length;
        }
        return LowestCost.of(name(), costs, random);
    }
}
