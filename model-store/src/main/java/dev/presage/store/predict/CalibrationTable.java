package dev.presage.store.predict;

import dev.presage.store.proto.Calibration;
import java.util.Arrays;

/**
 * Split-conformal residual quantiles (Lei et al., "Distribution-free predictive inference for regression", 2018) on the log
 * scale, one row per slice of the predicted location.
 */
final class CalibrationTable {
    private final double[] edges;
    private final double[] factors;
    private final int levels;

    CalibrationTable(Calibration calibration, int levels) {
        this.levels = levels;
        edges = calibration.getEdgesMsList().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        double[] offsets = calibration.getOffsetsList().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        if (offsets.length != (edges.length + 1) * levels) {
            throw new IllegalArgumentException(
                    offsets.length + " calibration offsets for " + (edges.length + 1) + " slices of " + levels);
        }
        factors = new double[offsets.length];
        for (int i = 0; i < offsets.length; i++) {
            if (Double.isNaN(offsets[i]) || Math.abs(offsets[i]) > 20) {
                throw new IllegalArgumentException("calibration offset " + offsets[i] + " outside -20..20");
            }
            if (i % levels > 0 && offsets[i] < offsets[i - 1]) {
                throw new IllegalArgumentException("calibration offsets of slice " + i / levels + " cross");
            }
            factors[i] = Math.exp(offsets[i]);
        }
    }

    int slice(double locationMs) {
        int at = Arrays.binarySearch(edges, locationMs);
        return at >= 0 ? at + 1 : -at - 1;
    }

    double factor(int slice, int level) {
        return factors[slice * levels + level];
    }
}
