package dev.presage.store.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.proto.Forest;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairTablesTest {
    private static final int COLUMNS = 6;

    private static ColumnBins[] bins(Forest... forests) {
        return ColumnBins.of(List.of(forests), COLUMNS).orElseThrow();
    }

    private static int node(Forest.Builder forest) {
        forest.addFeature(-1).addThreshold(0).addLeft(0).addLeaf(0);
        return forest.getFeatureCount() - 1;
    }

    /** A subtree on the given columns; leaves ends with a chance at every node. */
    private static void grow(Forest.Builder forest, int node, int depth, SplittableRandom random, int... columns) {
        if (depth == 0 || random.nextInt(8) == 0) {
            forest.setLeaf(node, (float) random.nextDouble(-1, 1));
            return;
        }
        int left = node(forest);
        node(forest);
        forest.setFeature(node, columns[random.nextInt(columns.length)])
                .setThreshold(node, threshold(random))
                .setLeft(node, left);
        grow(forest, left, depth - 1, random, columns);
        grow(forest, left + 1, depth - 1, random, columns);
    }

    private static float threshold(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(-3, 3);
            case 2 -> (float) Math.exp(random.nextDouble(-20, 20));
            default -> 1 + random.nextInt(200) * 1e-3f;
        };
    }

    private static double sum(PairTables tables, short[] bin) {
        double[] sum = new double[1];
        tables.sum(bin, 1, 1, sum);
        return sum[0];
    }

    @Test
    void sumsAsTheForestDoes() {
        for (long seed = 0; seed < 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Forest.Builder builder = Forest.newBuilder().setBase(random.nextDouble());
            for (int tree = random.nextInt(30); tree > 0; tree--) {
                builder.addRoot(node(builder));
                int one = random.nextInt(COLUMNS);
                grow(builder, builder.getFeatureCount() - 1, 6, random, one, random.nextInt(COLUMNS));
            }
            Forest forest = builder.build();
            ColumnBins[] bins = bins(forest);
            PairTables tables = PairTables.of(forest, bins).orElseThrow();
            ForestEvaluator trees = new ForestEvaluator(forest, COLUMNS);
            for (int i = 0; i < 200; i++) {
                float[] row = new float[COLUMNS];
                short[] bin = new short[COLUMNS];
                for (int column = 0; column < COLUMNS; column++) {
                    row[column] = threshold(random);
                    bin[column] = (short) bins[column].of(row[column]);
                }
                assertEquals(trees.sum(row, 0), sum(tables, bin), 1e-4, "seed " + seed);
            }
        }
    }

    @Test
    void aLeafOfThreeColumnsIsLeftToTheTrees() {
        Forest.Builder builder = Forest.newBuilder();
        int at = node(builder);
        builder.addRoot(at);
        for (int column = 0; column < 3; column++) {
            int left = node(builder);
            node(builder);
            builder.setFeature(at, column).setThreshold(at, 1).setLeft(at, left);
            at = left;
        }
        Forest forest = builder.build();
        assertTrue(PairTables.of(forest, bins(forest)).isEmpty());
    }

    @Test
    void aForestOfNothingIsItsBase() {
        Forest forest = Forest.newBuilder().setBase(0.25).build();
        assertEquals(0.25, sum(PairTables.of(forest, bins(forest)).orElseThrow(), new short[COLUMNS]));
    }

    @Test
    void aBinHoldsWhatLiesBetweenTwoThresholds() {
        SplittableRandom random = new SplittableRandom(7);
        Forest.Builder builder = Forest.newBuilder();
        for (int tree = 0; tree < 200; tree++) {
            builder.addRoot(node(builder));
            grow(builder, builder.getFeatureCount() - 1, 1, random, 0);
        }
        Forest forest = builder.build();
        float[] thresholds = new float[forest.getFeatureCount()];
        int count = 0;
        for (int i = 0; i < forest.getFeatureCount(); i++) {
            if (forest.getFeature(i) >= 0) {
                thresholds[count++] = forest.getThreshold(i);
            }
        }
        ColumnBins bins = bins(forest)[0];
        float[] values = new float[2_000 * FeatureSchema.SIZE];
        for (int i = 0; i < 2_000; i++) {
            float value = i < count ? thresholds[i] : threshold(random);
            long below = java.util.stream.IntStream.range(0, count)
                    .mapToObj(j -> thresholds[j])
                    .distinct()
                    .filter(threshold -> threshold <= value)
                    .count();
            assertEquals(below, bins.of(value), "value " + value);
            values[i * FeatureSchema.SIZE] = value;
        }
        short[] binned = new short[values.length];
        bins.of(values, 0, 2_000, binned, 7);
        for (int i = 0; i < 2_000; i++) {
            assertEquals(
                    bins.of(values[i * FeatureSchema.SIZE]), binned[7 + i], "value " + values[i * FeatureSchema.SIZE]);
        }
        assertEquals(bins.count() - 1, bins.of(Float.POSITIVE_INFINITY));
        assertEquals(0, bins.of(Float.NEGATIVE_INFINITY));
        assertEquals(bins.of(0f), bins.of(-0f));
    }

    @Test
    void aLogarithmsBinsAreThoseOfTheNumber() {
        SplittableRandom random = new SplittableRandom(8);
        Forest.Builder builder = Forest.newBuilder();
        for (int tree = 0; tree < 60; tree++) {
            int root = node(builder);
            builder.addRoot(root).setFeature(root, 0).setThreshold(root, (float) random.nextDouble(-3, 13));
            builder.setLeft(root, node(builder));
            node(builder);
        }
        ColumnBins ofLogarithm = bins(builder.build())[0];
        LogarithmBins bins = new LogarithmBins(ofLogarithm);
        for (int i = 0; i < builder.getFeatureCount(); i++) {
            // The numbers next to where the float of the logarithm jumps.
            double near = Math.exp(builder.getThreshold(i));
            for (double value = near * (1 - 1e-7); value < near * (1 + 1e-7); value += near * 1e-9) {
                assertEquals(ofLogarithm.of((float) Math.log(value)), bins.of(value), "value " + value);
            }
        }
    }
}
