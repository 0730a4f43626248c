package dev.presage.router.pick;

import java.util.random.RandomGenerator;

/** Takes the lowest cost; equal costs are drawn uniformly so that many routers do not herd. */
public final class LowestCost {
    private LowestCost() {}

    /** The choice; {@code costs} has at least one comparable value. */
    public static Choice of(String policy, double[] costs, RandomGenerator random) {
        double lowest = Double.POSITIVE_INFINITY;
        int ties = 0;
        for (double cost : costs) {
            if (cost < lowest) {
                lowest = cost;
                ties = 1;
            } else if (cost == lowest) {
                ties++;
            }
        }
        int skip = ties > 1 ? random.nextInt(ties) : 0;
        for (int i = 0; i < costs.length; i++) {
            if (costs[i] == lowest && skip-- == 0) {
                return Choice.of(policy, i, costs, 1.0 / ties);
            }
        }
        throw new IllegalArgumentException("no comparable cost among " + costs.length + " candidates");
    }
}
