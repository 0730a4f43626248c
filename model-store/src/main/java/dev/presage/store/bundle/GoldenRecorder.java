package dev.presage.store.bundle;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.GoldenRow;
import dev.presage.store.proto.GoldenRows;
import dev.presage.store.proto.GoldenTarget;

/**
 * Records what a predictor says for chosen rows, to be checked wherever the bundle is loaded. Used by the trainer, which picks rows that
 * reach every endpoint class and calibration slice. Not thread-safe.
 */
public final class GoldenRecorder {
    /** More rows would only slow each load down. */
    public static final int MAX_ROWS = 512;

    private final Predictor predictor;
    private final Predictions predictions = new Predictions();
    private final GoldenRows.Builder rows = GoldenRows.newBuilder();

    public GoldenRecorder(Predictor predictor) {
        this.predictor = predictor;
    }

    /** Adds one row of {@link FeatureSchema#SIZE} finite values; throws {@link IllegalArgumentException} when it is no such row or one too many. */
    public GoldenRecorder add(float[] features, String endpointClass) {
        if (features.length != FeatureSchema.SIZE) {
            throw new IllegalArgumentException(features.length + " features, a row has " + FeatureSchema.SIZE);
        }
        if (rows.getRowsCount() == MAX_ROWS) {
            throw new IllegalArgumentException("more than " + MAX_ROWS + " golden rows");
        }
        predictor.predict(features, new int[] {predictor.classIndex(endpointClass)}, 1, predictions);
        GoldenRow.Builder row = GoldenRow.newBuilder().setEndpointClass(endpointClass);
        for (float feature : features) {
            row.addFeatures(feature);
        }
        rows.addRows(row.setTtft(golden(Target.TTFT)).setTpot(golden(Target.TPOT)));
        return this;
    }

    public GoldenRows rows() {
        return rows.build();
    }

    private GoldenTarget golden(Target target) {
        GoldenTarget.Builder golden = GoldenTarget.newBuilder().setLocationMs(predictions.locationMs(target, 0));
        for (int level = 0; level < predictor.quantiles().length; level++) {
            golden.addQuantilesMs(predictions.quantileMs(target, 0, level));
        }
        return golden.build();
    }
}
