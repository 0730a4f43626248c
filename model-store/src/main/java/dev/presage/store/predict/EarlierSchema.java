package dev.presage.store.predict;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.Forest;
import dev.presage.store.proto.Linear;
import dev.presage.store.proto.TargetModel;
import java.util.Collections;

/**
 * A predictor of an earlier feature schema in terms of this one. Later columns were appended, so that only what stands behind a row, the
 * derived columns, has another place; what the model never knew it does not look at, and does not bound.
 */
final class EarlierSchema {
    private EarlierSchema() {}

    /** The same predictor for rows of {@link FeatureSchema#SIZE}, of which it looks at the first {@code columns}. */
    static CompiledPredictor widened(CompiledPredictor model, int columns) {
        int more = FeatureSchema.SIZE - columns;
        if (more == 0) {
            return model;
        }
        CompiledPredictor.Builder wide = model.toBuilder()
                .setTtft(widened(model.getTtft(), columns, more))
                .setTpot(widened(model.getTpot(), columns, more));
        if (model.getSupportHighCount() > 0) {
            wide.addAllSupportHigh(Collections.nCopies(more, Float.POSITIVE_INFINITY));
        }
        return wide.build();
    }

    private static TargetModel widened(TargetModel model, int columns, int more) {
        TargetModel.Builder wide = model.toBuilder();
        Forest.Builder forest = wide.getForestBuilder();
        for (int node = 0; node < forest.getFeatureCount(); node++) {
            if (forest.getFeature(node) >= columns) {
                forest.setFeature(node, forest.getFeature(node) + more);
            }
        }
        if (model.hasLinear()) {
            Linear narrow = model.getLinear();
            int row = Math.min(columns, narrow.getWeightsCount());
            wide.getLinearBuilder()
                    .clearWeights()
                    .addAllWeights(narrow.getWeightsList().subList(0, row))
                    .addAllWeights(Collections.nCopies(more, 0.0))
                    .addAllWeights(narrow.getWeightsList().subList(row, narrow.getWeightsCount()));
        }
        return wide.build();
    }
}
