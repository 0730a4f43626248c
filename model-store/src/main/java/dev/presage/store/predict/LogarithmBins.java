package dev.presage.store.predict;

import java.util.Arrays;

/**
 * The bins of a column that holds the float of a number's logarithm, found from the number itself: no logarithm is taken. As in
 * {@link ColumnBins}, the first bits of the number say where to begin.
 */
final class LogarithmBins {
    private static final int SHIFT = 47;

    /** From which number on each threshold is reached, and behind them one that no number reaches. */
    private final double[] edges;

    private final int lowest;
    private final short[] start;

    LogarithmBins(ColumnBins ofLogarithm) {
        int count = ofLogarithm.count() - 1;
        edges = new double[count + 1];
        for (int i = 0; i < count; i++) {
            edges[i] = leastOf(ofLogarithm.threshold(i));
        }
        edges[count] = Double.NaN;
        lowest = count == 0 ? 0 : key(edges[0]);
        start = new short[count == 0 ? 1 : key(edges[count - 1]) - lowest + 1];
        for (int key = 1; key < start.length; key++) {
            int at = Arrays.binarySearch(edges, 0, count, Double.longBitsToDouble((long) (lowest + key) << SHIFT));
            start[key] = (short) (at < 0 ? -at - 1 : at + 1);
        }
    }

    private static int key(double value) {
        return (int) (Double.doubleToRawLongBits(value) >> SHIFT);
    }

    /** The least positive number whose logarithm, as a float, reaches the threshold. */
    private static double leastOf(float threshold) {
        long low = 0;
        long high = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);
        while (low < high) {
            long middle = low + high >>> 1;
            if ((float) Math.log(Double.longBitsToDouble(middle)) >= threshold) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return Double.longBitsToDouble(low);
    }

    /** How many thresholds the logarithm of a positive number reaches. */
    int of(double value) {
        int bin = start[Math.min(Math.max(key(value) - lowest, 0), start.length - 1)];
        while (edges[bin] <= value) {
            bin++;
        }
        return bin;
    }
}
