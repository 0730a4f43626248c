package dev.presage.store.predict;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.proto.Forest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which interval between a column's thresholds a value lies in. The first bits of the number (sign, exponent and five bits of
 * the mantissa) say where to begin, so that what is left is a step, nearly always, and no branch has to be guessed.
 */
final class ColumnBins {
    private static final int SHIFT = 18;
    private static final int STARTS = 1 << Float.SIZE - SHIFT;
    /** Thresholds of a column; a histogram-grown forest has a hundred. */
    private static final int MOST = 4_000;

    /** Ascending, and behind them a number that no value reaches. */
    private final float[] thresholds;

    private final short[] start;
    /** Between the place to begin at and the bin, at most. */
    private final int steps;

    private ColumnBins(SortedSet<Float> sorted) {
        thresholds = new float[sorted.size() + 1];
        int i = 0;
        for (float threshold : sorted) {
            thresholds[i++] = threshold;
        }
        thresholds[i] = Float.NaN;
        start = new short[STARTS];
        steps = sorted.isEmpty() ? 0 : begin();
    }

    /** Finds where to begin, from the least numbers to the greatest; returns how many thresholds lie behind that at most. */
    private int begin() {
        int most = 0;
        int reached = 0;
        for (int i = 0; i < STARTS; i++) {
            int key = i < STARTS / 2 ? STARTS - 1 - i : i - STARTS / 2;
            float one = Float.intBitsToFloat(key << SHIFT);
            float other = Float.intBitsToFloat(key << SHIFT | (1 << SHIFT) - 1);
            if (Float.isNaN(one)) {
                start[key] = (short) (thresholds.length - 1);
                continue;
            }
            float low = Float.isNaN(other) ? one : Math.min(one, other);
            float high = Float.isNaN(other) ? one : Math.max(one, other);
            reached = reached(reached, low);
            start[key] = (short) reached;
            most = Math.max(most, reached(reached, high) - reached);
        }
        return most;
    }

    private int reached(int from, float value) {
        int bin = from;
        while (thresholds[bin] <= value) {
            bin++;
        }
        return bin;
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

    /** How many bins there are. */
    int count() {
        return thresholds.length;
    }

    /** The place of a threshold among them; a value is below it when its bin is at most this. */
    int place(float threshold) {
        return Arrays.binarySearch(thresholds, 0, thresholds.length - 1, threshold);
    }

    /** The threshold at that place. */
    float threshold(int place) {
        return thresholds[place];
    }

    /** How many thresholds the value reaches. */
    int of(float value) {
        return reached(start[Float.floatToRawIntBits(value) >>> SHIFT], value);
    }

    /** The bins of {@code count} rows, from the one whose value of this column stands at {@code at}. */
    void of(float[] rows, int at, int count, short[] bins, int to) {
        float[] known = thresholds;
        short[] from = start;
        for (int row = 0, value = at; row < count; row++, value += FeatureSchema.SIZE) {
            int bin = from[Float.floatToRawIntBits(rows[value]) >>> SHIFT];
            bins[to + row] = (short) (known[bin] <= rows[value] ? bin + 1 : bin);
        }
        for (int step = 1; step < steps; step++) {
            for (int row = 0, value = at; row < count; row++, value += FeatureSchema.SIZE) {
                int bin = bins[to + row];
                bins[to + row] = (short) (known[bin] <= rows[value] ? bin + 1 : bin);
            }
        }
    }
}
