package dev.presage.router.kafka;

import java.util.Arrays;

/** Which candidates of a decision are worth a row: the chosen one first, then the others by rising cost. */
final class RunnersUp {
    private RunnersUp() {}

    static int[] of(int chosen, double[] costs, int limit) {
        int[] kept = new int[Math.min(limit, costs.length)];
        kept[0] = chosen;
        int size = 1;
        for (int i = 0; i < costs.length; i++) {
            if (i == chosen || (size == kept.length && (size == 1 || !cheaper(costs[i], costs[kept[size - 1]])))) {
                continue;
            }
            int at = size < kept.length ? size++ : size - 1;
            while (at > 1 && cheaper(costs[i], costs[kept[at - 1]])) {
                kept[at] = kept[at - 1];
                at--;
            }
            kept[at] = i;
        }
        return Arrays.copyOf(kept, size);
    }

    /** NaN is the dearest. */
    private static boolean cheaper(double cost, double than) {
        return Double.compare(cost, than) < 0;
    }
}
