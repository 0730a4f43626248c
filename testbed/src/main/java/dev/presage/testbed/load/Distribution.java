package dev.presage.testbed.load;

import java.util.Arrays;

/** Exact quantiles of a set of measurements; NaN values are left out. Immutable. */
public final class Distribution {
    private final double[] sorted;

    public Distribution(double[] values) {
        sorted = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
    }

    public int count() {
        return sorted.length;
    }

    /** NaN when empty. */
    public double mean() {
        return Arrays.stream(sorted).average().orElse(Double.NaN);
    }

    /**
     * The nearest-rank quantile: the smallest value that at least {@code level} of the values do not exceed; NaN when empty.
     *
     * @param level above 0, at most 1
     */
    public double quantile(double level) {
        if (!(level > 0 && level <= 1)) {
            throw new IllegalArgumentException("level " + level + " outside (0, 1]");
        }
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(level * sorted.length) - 1];
    }
}
