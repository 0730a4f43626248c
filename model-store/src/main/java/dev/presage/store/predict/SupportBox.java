package dev.presage.store.predict;

import dev.presage.pipeline.features.FeatureSchema;
import java.util.List;

/**
 * Where a predictor may be trusted: rows no feature of which is more than twice as large as in any training sample. The work
 * model extrapolates well that far; beyond, the answer is a guess.
 */
final class SupportBox {
    private static final float STRETCH = 2;

    private final float[] bound;

    SupportBox(List<Float> high) {
        if (!high.isEmpty() && high.size() != FeatureSchema.SIZE) {
            throw new IllegalArgumentException(high.size() + " support bounds for " + FeatureSchema.SIZE + " features");
        }
        bound = new float[high.size()];
        for (int i = 0; i < bound.length; i++) {
            bound[i] = STRETCH * high.get(i);
            if (!(bound[i] >= 0)) {
                throw new IllegalArgumentException("support bound " + high.get(i) + " must not be negative");
            }
        }
    }

    boolean contains(float[] rows, int offset) {
        for (int i = 0; i < bound.length; i++) {
            if (rows[offset + i] > bound[i]) {
                return false;
            }
        }
        return true;
    }
}
