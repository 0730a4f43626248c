package dev.presage.router.pick;

import java.util.random.RandomGenerator;

/** Takes the lowest cost; equal costs are drawn uniformly so that many routers do not herd. */
public final class LowestCost {
    private LowestCost() {}

    /** The choice; {@code costs} has at least one comparable value. */
    public static Choice of(String policy, double[] costs, RandomGenerator random) {
        return of(policy, costs, lowest(costs), random);
    }

    /** The same with all up to {@code highest}, which is not below the lowest, taken for equal. */
    static Choice of(String policy, double[] costs, double highest, RandomGenerator random) {
        int ties = 0;
        for (double cost : costs) {
            ties += cost <= highest ? 1 : 0;
        }
        int skip = ties > 1 ? random.nextInt(ties) : 0;
        for (int i = 0; i < costs.length; i++) {
            if (costs[i] <= highest && skip-- == 0) {
                return Choice.of(policy, i, costs, 1.0 / ties);
            }
        }
        throw new IllegalArgumentException("no comparable cost among " + costs.length + " candidates");
    }

    static double lowest(double[] costs) {
        double lowest = Double.POSITIVE_INFINITY;
        for (double cost : costs) {
            lowest = cost < lowest ? cost : lowest;
        }
        return lowest;
    }
}
