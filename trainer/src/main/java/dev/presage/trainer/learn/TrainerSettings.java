package dev.presage.trainer.learn;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a training run is made with; recorded in the bundle.
 *
 * @param quantiles levels to predict, ascending within (0, 1)
 * @param trees at most this many per target
 * @param depth of each tree
 * @param learningRate of the boosting, in (0, 1]
 * @param minSamples a target with fewer is not learned
 * @param seed of every random draw
 */
public record TrainerSettings(
        List<Double> quantiles, int trees, int depth, double learningRate, int minSamples, long seed) {

    public static final TrainerSettings DEFAULT =
            new TrainerSettings(List.of(0.5, 0.9, 0.95, 0.99), 150, 5, 0.06, 60, 1);

    public TrainerSettings {
        quantiles = List.copyOf(quantiles);
        if (quantiles.isEmpty() || quantiles.stream().anyMatch(q -> !(q > 0 && q < 1))) {
            throw new IllegalArgumentException("quantiles " + quantiles + " must lie within (0, 1)");
        }
        if (trees < 1 || trees > 2_000 || depth < 1 || depth > 12) {
            throw new IllegalArgumentException(
                    "trees " + trees + " outside 1..2000 or depth " + depth + " outside 1..12");
        }
        if (!(learningRate > 0 && learningRate <= 1) || minSamples < 20) {
            throw new IllegalArgumentException(
                    "learningRate " + learningRate + " outside (0, 1] or minSamples " + minSamples + " below 20");
        }
    }

    public TrainerSettings withSeed(long other) {
        return new TrainerSettings(quantiles, trees, depth, learningRate, minSamples, other);
    }

    public TrainerSettings withQuantiles(List<Double> levels) {
        return new TrainerSettings(levels, trees, depth, learningRate, minSamples, seed);
    }

    /** For the manifest. */
    public Map<String, String> asMap() {
        Map<String, String> map = new TreeMap<>();
        map.put("quantiles", quantiles.toString());
        map.put("trees", Integer.toString(trees));
        map.put("depth", Integer.toString(depth));
        map.put("learning_rate", Double.toString(learningRate));
        map.put("min_samples", Integer.toString(minSamples));
        return map;
    }
}
