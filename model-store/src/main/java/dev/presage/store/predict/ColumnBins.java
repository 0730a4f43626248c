package dev.presage.store.predict;

import dev.presage.store.proto.Forest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which interval between a column's thresholds a value lies in. The first bits of the number (exponent and five bits of the
 * mantissa, which ascend with the value) say where to begin, so that the search is a step at most, nearly always.
 */
final class ColumnBins {
    private static final int SHIFT = 47;
    /** Thresholds of a column; a histogram-grown forest has a hundred. */
    private static final int MOST = 4_000;

    private final float[] thresholds;
    /** What the values are compared with, and behind them a number that no value reaches. */
    private final double[] edges;

    private final int lowest;
    private final short[] start;

    /** {@code edge} says from which value on a threshold is reached; it ascends with the threshold. */
    private ColumnBins(SortedSet<Float> sorted, FloatToDouble edge) {
        int count = sorted.size();
        thresholds = new float[count];
        edges = new double[count + 1];
        int i = 0;
        for (float threshold : sorted) {
            thresholds[i] = threshold;
            edges[i++] = edge.of(threshold);
        }
        edges[count] = Double.NaN;
        lowest = count == 0 ? 0 : key(edges[0]);
        start = new short[count == 0 ? 1 : Math.max(lowest, key(edges[count - 1])) - lowest + 1];
        for (int key = 1; key < start.length; key++) {
            int at = Arrays.binarySearch(edges, 0, count, Double.longBitsToDouble((long) (lowest + key) << SHIFT));
            start[key] = (short) (at < 0 ? -at - 1 : at + 1);
        }
    }

    @FunctionalInterface
    private interface FloatToDouble {
        double of(float threshold);
    }

    /** Buckets of numbers; none for those below the least normal one. */
    private static int key(double value) {
        return Math.max(0, (int) (Double.doubleToRawLongBits(value) >> SHIFT));
    }

    /**
     * For every column, over the thresholds of all these forests; empty when a column has too many.
     *
     * @param logarithm the column that holds the float of a logarithm; its bins are those of the number itself
     */
    static Optional<ColumnBins[]> of(Collection<Forest> forests, int columns, int logarithm) {
        List<SortedSet<Float>> thresholds = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            thresholds.add(new TreeSet<>());
        }
        for (Forest forest : forests) {
            for (int node = 0; node < forest.getFeatureCount(); node++) {
                if (forest.getFeature(node) >= 0) {
                    thresholds.get(forest.getFeature(node)).add(forest.getThreshold(node));
                }
            }
        }
        if (thresholds.stream().anyMatch(each -> each.size() > MOST)) {
            return Optional.empty();
        }
        ColumnBins[] bins = new ColumnBins[columns];
        for (int column = 0; column < columns; column++) {
            bins[column] = new ColumnBins(
                    thresholds.get(column), column == logarithm ? ColumnBins::leastOfLog : threshold -> threshold);
        }
        return Optional.of(bins);
    }

    /** The least positive number whose logarithm, as a float, reaches the threshold. */
    private static double leastOfLog(float threshold) {
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

    /** How many bins there are. */
    int count() {
        return edges.length;
    }

    /** The place of a threshold among them; a value is below it when its bin is at most this. */
    int place(float threshold) {
        return Arrays.binarySearch(thresholds, threshold);
    }

    /** How many thresholds the value reaches. */
    int of(double value) {
        int key = (int) (Double.doubleToRawLongBits(value) >> SHIFT) - lowest;
        int bin = start[Math.min(Math.max(key, 0), start.length - 1)];
        while (edges[bin] <= value) {
            bin++;
        }
        return bin;
    }
}
