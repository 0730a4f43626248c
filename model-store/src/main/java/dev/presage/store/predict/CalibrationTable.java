package dev.presage.store.predict;

import dev.presage.store.proto.Calibration;
import java.util.Arrays;

/**
 * Split-conformal residual quantiles (Lei et al., "Distribution-free predictive inference for regression", 2018) on the log
 * scale, one row per slice of the predicted location.
 */
final class CalibrationTable {
    private static final double LEAST_SPREAD = 0.02;

    private final double[] edges;
    /** Slice by slice. */
    private final double[] offsets;

    private final int levels;

    CalibrationTable(Calibration calibration, int levels) {
        this.levels = levels;
        edges = calibration.getEdgesMsList().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        offsets = calibration.getOffsetsList().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        if (offsets.length != (edges.length + 1) * levels) {
            throw new IllegalArgumentException(
                    offsets.length + " calibration offsets for " + (edges.length + 1) + " slices of " + levels);
        }
        for (int i = 0; i < edges.length; i++) {
            if (Double.isNaN(edges[i]) || (i > 0 && edges[i] < edges[i - 1])) {
                throw new IllegalArgumentException("calibration edge " + edges[i] + " must not descend");
            }
        }
        for (int i = 0; i < offsets.length; i++) {
            if (Double.isNaN(offsets[i]) || Math.abs(offsets[i]) > 20) {
                throw new IllegalArgumentException("calibration offset " + offsets[i] + " outside -20..20");
            }
            if (i % levels > 0 && offsets[i] < offsets[i - 1]) {
                throw new IllegalArgumentException("calibration offsets of slice " + i / levels + " cross");
            }
        }
    }

    int slice(double locationMs) {
        int at = Arrays.binarySearch(edges, locationMs);
        if (at < 0) {
            return -at - 1;
        }
        // Equal edges enclose an empty slice, which no location is in.
        while (at + 1 < edges.length && edges[at + 1] == locationMs) {
            at++;
        }
        return at + 1;
    }

    /** Logarithm of what a location of that slice is multiplied with. */
    double offset(int slice, int level) {
        return offsets[slice * levels + level];
    }

    /** How far outcomes spread there, on the log scale: what the second level is above the first. */
    double spread(int slice) {
        double spread = levels < 2 ? 0 : offset(slice, 1) - offset(slice, 0);
        return Math.max(LEAST_SPREAD, spread);
    }
}
