package dev.presage.router.pool;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Rules that replace the model name that clients ask for: the InferenceModelRewrite resource.
 *
 * @param name the resource's name
 */
public record ModelRewrite(String name, List<Rule> rules) {
    public ModelRewrite {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name of a model rewrite must not be empty");
        }
        rules = List.copyOf(rules);
    }

    /**
     * One rule.
     *
     * @param models the names that it matches exactly; empty matches every request
     * @param targets at least one; one is drawn by weight
     */
    public record Rule(Set<String> models, List<Target> targets) {
        public Rule {
            models = Set.copyOf(models);
            targets = List.copyOf(targets);
            if (targets.isEmpty()) {
                throw new IllegalArgumentException("a rewrite rule needs at least one target");
            }
        }

        /** By weight; evenly when no target has one. A target without a weight beside weighted ones is never drawn. */
        String draw(RandomGenerator random) {
            long total = targets.stream()
                    .mapToLong(target -> target.weight().orElse(0))
                    .sum();
            if (total == 0) {
                return targets.get(random.nextInt(targets.size())).model();
            }
            long left = random.nextLong(total);
            for (Target target : targets) {
                left -= target.weight().orElse(0);
                if (left < 0) {
                    return target.model();
                }
            }
            throw new IllegalStateException("weights of " + targets + " do not add up to " + total);
        }
    }

    /**
     * Where a share of the matched requests goes.
     *
     * @param weight 1 to 1,000,000
     */
    public record Target(String model, Optional<Integer> weight) {
        private static final int MAX_WEIGHT = 1_000_000;

        public Target {
            if (model.isEmpty()) {
                throw new IllegalArgumentException("model of a rewrite target must not be empty");
            }
            weight.ifPresent(value -> {
                if (value < 1 || value > MAX_WEIGHT) {
                    throw new IllegalArgumentException("weight " + value + " outside 1.." + MAX_WEIGHT);
                }
            });
        }
    }
}
