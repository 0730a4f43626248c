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
 * Which interval between a column's thresholds a value lies in. The first bits of the float (exponent and four bits of the
 * mantissa, which ascend with the value) say where to begin, so that the search is a step or two.
 */
final class ColumnBins {
    private static final int SHIFT = 19;
    /** Thresholds of a column; a histogram-grown forest has a hundred. */
    private static final int MOST = 4_000;

    private final float[] edges;
    private final short[] start = new short[1 << (31 - SHIFT)];

    private ColumnBins(SortedSet<Float> thresholds) {
        edges = new float[thresholds.size() + 1];
        int count = 0;
        for (float threshold : thresholds) {
            edges[count++] = threshold;
        }
        // No value is below it, so the search ends there.
        edges[count] = Float.NaN;
        for (int key = 0; key < start.length; key++) {
            int at = Arrays.binarySearch(edges, 0, count, Float.intBitsToFloat(key << SHIFT));
            start[key] = (short) (at < 0 ? -at - 1 : at + 1);
        }
    }

    /** For every column, over the thresholds of all these forests; empty when a column has too many. */
    static Optional<ColumnBins[]> of(Collection<Forest> forests, int columns) {
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
        return thresholds.stream().anyMatch(each -> each.size() > MOST)
                ? Optional.empty()
                : Optional.of(thresholds.stream().map(ColumnBins::new).toArray(ColumnBins[]::new));
    }

    /** One more than there are thresholds. */
    int count() {
        return edges.length;
    }

    /** The place of a threshold among them; a value is below it when its bin is at most this. */
    int place(float threshold) {
        return Arrays.binarySearch(edges, 0, edges.length - 1, threshold);
    }

    /** How many thresholds are not above {@code value}. */
    int of(float value) {
        int bits = Float.floatToRawIntBits(value);
        int bin = bits < 0 ? 0 : start[bits >>> SHIFT];
        while (edges[bin] <= value) {
            bin++;
        }
        return bin;
    }
}
