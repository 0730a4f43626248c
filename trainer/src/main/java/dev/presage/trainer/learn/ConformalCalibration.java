package dev.presage.trainer.learn;

import dev.presage.store.proto.Calibration;
import java.util.Arrays;
import java.util.List;

/**
 * Split-conformal residual quantiles per slice of the location: the {@code ceil((n + 1) q)}-th smallest log residual on data
 * that the model was not trained on.
 */
final class ConformalCalibration {
    /** A slice needs this many residuals of its own. */
    private static final int PER_SLICE = 150;

    private static final int MAX_SLICES = 6;

    private ConformalCalibration() {}

    /** {@code residuals[i]} is {@code log(actual / locations[i])}; at least one of them. */
    static Calibration of(double[] locations, double[] residuals, List<Double> quantiles) {
        int slices = Math.clamp(locations.length / PER_SLICE, 1, MAX_SLICES);
        double[] sorted = locations.clone();
        Arrays.sort(sorted);
        Calibration.Builder calibration = Calibration.newBuilder();
        double lower = Double.NEGATIVE_INFINITY;
        for (int slice = 0; slice < slices; slice++) {
            boolean last = slice == slices - 1;
            double upper = last ? Double.POSITIVE_INFINITY : sorted[(slice + 1) * sorted.length / slices];
            if (!last) {
                calibration.addEdgesMs(upper);
            }
            addOffsets(within(locations, residuals, lower, upper), quantiles, calibration);
            lower = upper;
        }
        return calibration.build();
    }

    private static double[] within(double[] locations, double[] residuals, double lower, double upper) {
        double[] kept = new double[residuals.length];
        int count = 0;
        for (int i = 0; i < residuals.length; i++) {
            if (locations[i] >= lower && locations[i] < upper) {
                kept[count++] = residuals[i];
            }
        }
        // Equal locations can leave a slice empty: all residuals stand in for it.
        double[] chosen = count == 0 ? residuals.clone() : Arrays.copyOf(kept, count);
        Arrays.sort(chosen);
        return chosen;
    }

    private static void addOffsets(double[] sorted, List<Double> quantiles, Calibration.Builder calibration) {
        for (double quantile : quantiles) {
            int rank = (int) Math.ceil((sorted.length + 1) * quantile);
            calibration.addOffsets(Math.clamp(sorted[Math.clamp(rank, 1, sorted.length) - 1], -5, 5));
        }
    }
}
