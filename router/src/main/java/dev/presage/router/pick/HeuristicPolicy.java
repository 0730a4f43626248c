package dev.presage.router.pick;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.request.InferenceRequest;
import java.util.random.RandomGenerator;

/**
 * Weighted scores as today's endpoint pickers use them: an empty queue, free KV cache and a matching prefix, each between 0
 * and 1. Cost is the negative sum. Weights must not be negative.
 */
public record HeuristicPolicy(double queueWeight, double kvWeight, double prefixWeight) implements Policy {
    /** The weights that the field ships: queue 2, KV 2, prefix 3. */
    public static final HeuristicPolicy DEFAULT = new HeuristicPolicy(2, 2, 3);

    public HeuristicPolicy {
        if (!(queueWeight >= 0 && kvWeight >= 0 && prefixWeight >= 0)) {
            throw new IllegalArgumentException("weights queue " + queueWeight + ", kv " + kvWeight + ", prefix "
                    + prefixWeight + " must be at least 0");
        }
    }

    @Override
    public String name() {
        return "heuristic";
    }

    @Override
    public Choice choose(CandidateMatrix candidates, RandomGenerator random) {
        int count = candidates.size();
        double shortest = Double.POSITIVE_INFINITY;
        double longest = 0;
        for (int i = 0; i < count; i++) {
            double waiting = candidates.get(i, Feature.WAITING);
            shortest = Math.min(shortest, waiting);
            longest = Math.max(longest, waiting);
        }
        double[] costs = new double[count];
        double prompt = candidates.request().prefixBlocks().length * (double) InferenceRequest.BLOCK_TOKENS;
        for (int i = 0; i < count; i++) {
            double queue =
                    longest == shortest ? 1 : (longest - candidates.get(i, Feature.WAITING)) / (longest - shortest);
            double kv = 1 - candidates.get(i, Feature.KV_USAGE);
            double prefix = prompt == 0 ? 0 : Math.min(1, candidates.cachedTokens(i) / prompt);
            costs[i] = -(queueWeight * queue + kvWeight * kv + prefixWeight * prefix);
        }
        return LowestCost.of(name(), costs, random);
    }
}
