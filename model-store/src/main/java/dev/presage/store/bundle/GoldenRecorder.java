package dev.presage.store.bundle;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.OutputLength;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.GoldenRow;
import dev.presage.store.proto.GoldenRows;
import dev.presage.store.proto.GoldenTarget;
import java.util.ArrayList;
import java.util.List;

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

    /** The same of a request that names no model. */
    public GoldenRecorder add(float[] features, String endpointClass) {
        return add(features, endpointClass, "");
    }

    /**
     * Adds one row of {@link FeatureSchema#SIZE} finite values, of a request for {@code model}; throws {@link IllegalArgumentException} when it
     * is no such row or one too many.
     */
    public GoldenRecorder add(float[] features, String endpointClass, String model) {
        if (features.length != FeatureSchema.SIZE) {
            throw new IllegalArgumentException(features.length + " features, a row has " + FeatureSchema.SIZE);
        }
        if (rows.getRowsCount() == MAX_ROWS) {
            throw new IllegalArgumentException("more than " + MAX_ROWS + " golden rows");
        }
        predictor.predict(features, new int[] {predictor.classIndex(endpointClass)}, 1, predictions);
        GoldenRow.Builder row =
                GoldenRow.newBuilder().setEndpointClass(endpointClass).setModel(model);
        for (float feature : features) {
            row.addFeatures(feature);
        }
        row.addAllOutputTokens(outputTokens(predictor, features, model));
        rows.addRows(row.setTtft(golden(Target.TTFT)).setTpot(golden(Target.TPOT)));
        return this;
    }

    public GoldenRows rows() {
        return rows.build();
    }

    /** The mean and the quantiles, as golden rows hold them. */
    static List<Double> outputTokens(Predictor predictor, float[] features, String model) {
        OutputLength length = predictor.outputLengths().of(model, (int) features[Feature.PROMPT_TOKENS.ordinal()], (int)
                features[Feature.MAX_TOKENS.ordinal()]);
        if (!length.isKnown()) {
            return List.of();
        }
        List<Double> figures = new ArrayList<>(length.tokens());
        figures.addFirst(length.meanTokens());
        return figures;
    }

    private GoldenTarget golden(Target target) {
        GoldenTarget.Builder golden = GoldenTarget.newBuilder().setLocationMs(predictions.locationMs(target, 0));
        for (int level = 0; level < predictor.quantiles().length; level++) {
            golden.addQuantilesMs(predictions.quantileMs(target, 0, level));
        }
        return golden.build();
    }
}
