package dev.presage.store.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.presage.store.proto.Forest;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ForestEvaluatorTest {
    private static final int COLUMNS = 5;

    /** A tree as a person would write it. */
    private sealed interface Tree {
        float of(float[] row);

        record Leaf(float value) implements Tree {
            @Override
            public float of(float[] row) {
                return value;
            }
        }

        record Split(int column, float threshold, Tree below, Tree above) implements Tree {
            @Override
            public float of(float[] row) {
                return row[column] < threshold ? below.of(row) : above.of(row);
            }
        }
    }

    @Test
    void equalsARecursiveEvaluationOfRandomForests() {
        for (long seed = 0; seed < 200; seed++) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            List<Tree> trees = new ArrayList<>();
            for (int i = random.nextInt(20); i >= 0; i--) {
                trees.add(tree(random, 6));
            }
            float base = random.nextFloat();
            ForestEvaluator forest = new ForestEvaluator(encode(base, trees), COLUMNS);
            for (int i = 0; i < 50; i++) {
                float[] rows = new float[2 * COLUMNS];
                for (int column = 0; column < rows.length; column++) {
                    rows[column] = random.nextInt(8);
                }
                float[] row = java.util.Arrays.copyOfRange(rows, COLUMNS, 2 * COLUMNS);
                float expected = base;
                for (Tree tree : trees) {
                    expected += tree.of(row);
                }
                assertEquals(expected, forest.sum(rows, COLUMNS), "seed " + seed);
            }
        }
    }

    @Test
    void refusesArraysOfUnlikeLength() {
        refused(
                "forest arrays differ in length: 1 features, 0 thresholds, 1 children, 1 leaves",
                forest().clearThreshold());
    }

    @Test
    void refusesRootsOutsideTheForest() {
        refused("tree root 1 outside 0..0", forest().addRoot(1));
        refused("tree root -1 outside 0..0", forest().addRoot(-1));
    }

    @Test
    void refusesChildrenThatAreNotBehindTheirParent() {
        for (int child : new int[] {0, -5, 1, 2, Integer.MAX_VALUE}) {
            Forest.Builder loop = Forest.newBuilder()
                    .addRoot(0)
                    .addAllFeature(List.of(0, 0))
                    .addAllThreshold(List.of(1f, 1f))
                    .addAllLeft(List.of(child, child))
                    .addAllLeaf(List.of(0f, 0f));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new ForestEvaluator(loop.build(), COLUMNS),
                    () -> "child " + child);
        }
    }

    @Test
    void refusesUnknownColumns() {
        refused("node 0 refers to feature 5 of 5 and child 0", forest().setFeature(0, COLUMNS));
    }

    @Test
    void refusesNumbersThatAreNone() {
        refused("leaf NaN of node 0 must be finite", forest().setLeaf(0, Float.NaN));
        refused("base Infinity must be finite", forest().setBase(Double.POSITIVE_INFINITY));
    }

    private static void refused(String message, Forest.Builder forest) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> new ForestEvaluator(forest.build(), COLUMNS));
        assertEquals(message, refusal.getMessage());
    }

    /** One leaf. */
    private static Forest.Builder forest() {
        return Forest.newBuilder()
                .addRoot(0)
                .addFeature(-1)
                .addThreshold(0)
                .addLeft(0)
                .addLeaf(1);
    }

    private static Tree tree(RandomGenerator random, int depth) {
        return depth == 0 || random.nextInt(4) == 0
                ? new Tree.Leaf(random.nextFloat() - 0.5f)
                : new Tree.Split(
                        random.nextInt(COLUMNS), random.nextInt(8), tree(random, depth - 1), tree(random, depth - 1));
    }

    /** Breadth first, so that siblings are neighbours. */
    private static Forest encode(float base, List<Tree> trees) {
        List<Tree> nodes = new ArrayList<>();
        Forest.Builder forest = Forest.newBuilder().setBase(base);
        for (Tree root : trees) {
            int next = nodes.size();
            forest.addRoot(next);
            nodes.add(root);
            for (; next < nodes.size(); next++) {
                switch (nodes.get(next)) {
                    case Tree.Leaf(float value) ->
                        forest.addFeature(-1).addThreshold(0).addLeft(0).addLeaf(value);
                    case Tree.Split(int column, float threshold, Tree below, Tree above) -> {
                        forest.addFeature(column)
                                .addThreshold(threshold)
                                .addLeft(nodes.size())
                                .addLeaf(0);
                        nodes.add(below);
                        nodes.add(above);
                    }
                }
            }
        }
        return forest.build();
    }
}
