package dev.presage.store.predict;

import dev.presage.store.proto.Forest;

/**
 * Boosted trees as flat arrays. A node is a leaf when its feature is negative; otherwise a value below the threshold goes
 * left, the rest right, and the right child stands next to the left one.
 */
final class ForestEvaluator {
    private final float base;
    private final int[] roots;
    private final int[] feature;
    private final float[] threshold;
    private final int[] left;
    private final float[] leaf;

    ForestEvaluator(Forest forest, int columns) {
        base = (float) forest.getBase();
        roots = forest.getRootList().stream().mapToInt(Integer::intValue).toArray();
        feature = forest.getFeatureList().stream().mapToInt(Integer::intValue).toArray();
        threshold = floats(forest.getThresholdList());
        left = forest.getLeftList().stream().mapToInt(Integer::intValue).toArray();
        leaf = floats(forest.getLeafList());
        int nodes = feature.length;
        if (!Float.isFinite(base)) {
            throw new IllegalArgumentException("base " + base + " must be finite");
        }
        if (threshold.length != nodes || left.length != nodes || leaf.length != nodes) {
            throw new IllegalArgumentException("forest arrays differ in length: " + nodes + " features, "
                    + threshold.length + " thresholds, " + left.length + " children, " + leaf.length + " leaves");
        }
        for (int root : roots) {
            if (root < 0 || root >= nodes) {
                throw new IllegalArgumentException("tree root " + root + " outside 0.." + (nodes - 1));
            }
        }
        for (int i = 0; i < nodes; i++) {
            // Children stand behind their parent, so that evaluation always ends.
            if (feature[i] >= columns || (feature[i] >= 0 && (left[i] <= i || left[i] >= nodes - 1))) {
                throw new IllegalArgumentException(
                        "node " + i + " refers to feature " + feature[i] + " of " + columns + " and child " + left[i]);
            }
            if (Float.isNaN(threshold[i])) {
                throw new IllegalArgumentException("threshold of node " + i + " must be a number");
            }
            if (!Float.isFinite(leaf[i])) {
                throw new IllegalArgumentException("leaf " + leaf[i] + " of node " + i + " must be finite");
            }
        }
    }

    /** Sum of the trees for the row at {@code offset}; float arithmetic in tree order, as the trainer's library does. */
    float sum(float[] rows, int offset) {
        float sum = base;
        for (int root : roots) {
            int node = root;
            int column = feature[node];
            while (column >= 0) {
                node = left[node] + (rows[offset + column] < threshold[node] ? 0 : 1);
                column = feature[node];
            }
            sum += leaf[node];
        }
        return sum;
    }

    private static float[] floats(java.util.List<Float> values) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }
}
