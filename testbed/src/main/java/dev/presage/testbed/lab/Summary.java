package dev.presage.testbed.lab;

import java.util.Arrays;

/** Mean and percentiles of one quantity, in milliseconds; NaN when nothing was measured. */
record Summary(double mean, double p50, double p90, double p95, double p99) {
    static Summary of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Summary(
                Arrays.stream(sorted).average().orElse(Double.NaN),
                percentile(sorted, 0.50),
                percentile(sorted, 0.90),
                percentile(sorted, 0.95),
                percentile(sorted, 0.99));
    }

    /** Nearest rank. */
    private static double percentile(double[] sorted, double level) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[Math.clamp((long) Math.ceil(level * sorted.length) - 1, 0, sorted.length - 1)];
    }
}
