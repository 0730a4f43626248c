package dev.presage.store.predict;

import dev.presage.store.proto.Forest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A forest added up beforehand. Where no leaf depends on more than two columns, the sum of all trees is a sum of tables, one for
 * each pair of columns (Lou et al., "Accurate intelligible models with pairwise interactions", 2013): a row costs one look-up
 * a pair, however many trees there are. Equal to the forest but for the order in which floats are added.
 */
final class PairTables {
    /** 16 MB a target; twenty pairs of columns with a hundred thresholds each have 200,000. */
    private static final long MOST_CELLS = 4_000_000;

    private static final int MOST_DEPTH = 64;

    private record Leaf(Region region, float value) {}

    private record Pair(int first, int second) implements Comparable<Pair> {
        /** The columns that {@code region} restricts, the lesser first; column 0 stands in for one that it lacks. */
        static Pair of(Region region) {
            int one = Math.max(0, region.first());
            int other = Math.max(0, region.second());
            return new Pair(Math.min(one, other), Math.max(one, other));
        }

        boolean holds(Region region) {
            return (region.first() == Region.NONE || region.first() == first || region.first() == second)
                    && region.second() == Region.NONE;
        }

        @Override
        public int compareTo(Pair other) {
            return first != other.first ? Integer.compare(first, other.first) : Integer.compare(second, other.second);
        }
    }

    private final double base;
    private final int[] first;
    private final int[] second;
    private final int[] at;
    private final int[] stride;
    private final float[] cells;

    private PairTables(double base, NavigableMap<Pair, List<Leaf>> tables, ColumnBins[] bins) {
        this.base = base;
        int count = tables.size();
        first = new int[count];
        second = new int[count];
        at = new int[count];
        stride = new int[count];
        cells = new float[(int) size(tables.keySet(), bins)];
        int i = 0;
        int from = 0;
        for (var table : tables.entrySet()) {
            Pair pair = table.getKey();
            first[i] = pair.first();
            second[i] = pair.second();
            at[i] = from;
            stride[i] = bins[pair.second()].count();
            from += fill(pair, bins[pair.first()].count(), stride[i], table.getValue(), from);
            i++;
        }
    }

    /**
     * Adds up, where that can be done.
     *
     * @param forest one that {@link ForestEvaluator} accepts
     * @param bins of every column, with all thresholds of the forest
     */
    static Optional<PairTables> of(Forest forest, ColumnBins[] bins) {
        List<Leaf> leaves = new ArrayList<>();
        for (int root : forest.getRootList()) {
            if (!gather(forest, bins, root, 0, Region.EVERYWHERE, leaves)) {
                return Optional.empty();
            }
        }
        NavigableMap<Pair, List<Leaf>> tables = new TreeMap<>();
        List<Leaf> simple = new ArrayList<>();
        for (Leaf leaf : leaves) {
            if (leaf.region().second() == Region.NONE) {
                simple.add(leaf);
            } else {
                tables.computeIfAbsent(Pair.of(leaf.region()), absent -> new ArrayList<>())
                        .add(leaf);
            }
        }
        for (Leaf leaf : simple) {
            Pair pair = tables.keySet().stream()
                    .filter(any -> any.holds(leaf.region()))
                    .findFirst()
                    .orElseGet(() -> Pair.of(leaf.region()));
            tables.computeIfAbsent(pair, absent -> new ArrayList<>()).add(leaf);
        }
        return size(tables.keySet(), bins) > MOST_CELLS
                ? Optional.empty()
                : Optional.of(new PairTables(forest.getBase(), tables, bins));
    }

    private static long size(Collection<Pair> pairs, ColumnBins[] bins) {
        return pairs.stream()
                .mapToLong(pair -> (long) bins[pair.first()].count() * bins[pair.second()].count())
                .sum();
    }

    /** False when a leaf needs a third column. */
    private static boolean gather(
            Forest forest, ColumnBins[] bins, int node, int depth, @Nullable Region region, List<Leaf> leaves) {
        if (region == null || depth > MOST_DEPTH) {
            return false;
        }
        if (region.isEmpty()) {
            return true;
        }
        int column = forest.getFeature(node);
        if (column < 0) {
            leaves.add(new Leaf(region, forest.getLeaf(node)));
            return true;
        }
        int place = bins[column].place(forest.getThreshold(node));
        int left = forest.getLeft(node);
        return gather(forest, bins, left, depth + 1, region.where(column, 0, place), leaves)
                && gather(forest, bins, left + 1, depth + 1, region.where(column, place + 1, Region.ALL), leaves);
    }

    /** Marks the corners of each leaf's rectangle and sums over both axes; returns the table's size. */
    private int fill(Pair pair, int height, int width, List<Leaf> leaves, int from) {
        double[][] sum = new double[height + 1][width + 1];
        for (Leaf leaf : leaves) {
            int top = leaf.region().lowOf(pair.first());
            int bottom = Math.min(leaf.region().highOf(pair.first()), height - 1) + 1;
            // One column twice: the other axis restricts nothing.
            int left = pair.first() == pair.second() ? 0 : leaf.region().lowOf(pair.second());
            int right = pair.first() == pair.second()
                    ? width
                    : Math.min(leaf.region().highOf(pair.second()), width - 1) + 1;
            sum[top][left] += leaf.value();
            sum[top][right] -= leaf.value();
            sum[bottom][left] -= leaf.value();
            sum[bottom][right] += leaf.value();
        }
        for (int i = 0; i < height; i++) {
            double row = 0;
            for (int j = 0; j < width; j++) {
                row += sum[i][j];
                sum[i][j] = row + (i == 0 ? 0 : sum[i - 1][j]);
                cells[from + i * width + j] = (float) sum[i][j];
            }
        }
        return height * width;
    }

    /**
     * The forest's sums for {@code rows} rows, whose bins stand column by column, {@code most} places to a column. Table by
     * table, because the rows do not wait for each other.
     */
    void sum(short[] bins, int most, int rows, double[] sums) {
        Arrays.fill(sums, 0, rows, base);
        for (int i = 0; i < at.length; i++) {
            int one = first[i] * most;
            int other = second[i] * most;
            int from = at[i];
            int width = stride[i];
            for (int row = 0; row < rows; row++) {
                sums[row] += cells[from + bins[one + row] * width + bins[other + row]];
            }
        }
    }
}
