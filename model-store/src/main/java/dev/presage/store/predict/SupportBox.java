package dev.presage.store.predict;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Where a predictor may be trusted: requests that are in nothing more than twice as large as any training sample. The work
 * model extrapolates well that far; beyond, the answer is a guess. What is already at an endpoint does not count: work in front of
 * a request adds up whatever its amount, and under a load never seen the rule without a model knows less of it. A category is no amount.
 */
final class SupportBox {
    private static final float STRETCH = 2;
    private static final Set<Feature> AT_ENDPOINT = EnumSet.of(
            Feature.PENDING_TOKENS,
            Feature.PENDING_ATTENTION,
            Feature.PENDING_REQUESTS,
            Feature.STALLED_MS,
            Feature.DECODING_REQUESTS,
            Feature.DECODING_CONTEXT,
            Feature.WAITING,
            Feature.RUNNING,
            Feature.KV_USAGE);

    private static final Feature[] FEATURES = Feature.values();

    private final float[] bound;

    SupportBox(List<Float> high) {
        if (!high.isEmpty() && high.size() != FeatureSchema.SIZE) {
            throw new IllegalArgumentException(high.size() + " support bounds for " + FeatureSchema.SIZE + " features");
        }
        bound = new float[high.size()];
        for (int i = 0; i < bound.length; i++) {
            if (!(high.get(i) >= 0)) {
                throw new IllegalArgumentException("support bound " + high.get(i) + " must not be negative");
            }
            bound[i] = AT_ENDPOINT.contains(FEATURES[i]) || FEATURES[i].isCategory()
                    ? Float.POSITIVE_INFINITY
                    : STRETCH * high.get(i);
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
