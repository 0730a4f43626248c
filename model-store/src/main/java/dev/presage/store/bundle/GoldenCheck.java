package dev.presage.store.bundle;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.GoldenRow;
import dev.presage.store.proto.GoldenRows;
import dev.presage.store.proto.GoldenTarget;
import java.util.List;

/** Evaluates the golden rows and compares with what was recorded. */
final class GoldenCheck {
    /** Math.exp and Math.log may differ in the last place between machines; nothing else may. */
    private static final double TOLERANCE = 1e-6;

    private final Predictor predictor;
    private final int columns;
    private final Predictions predictions = new Predictions();

    /** @param columns of the schema that the rows were recorded in */
    GoldenCheck(Predictor predictor, int columns) {
        this.predictor = predictor;
        this.columns = columns;
    }

    void check(GoldenRows golden) throws RefusedException {
        int count = golden.getRowsCount();
        if (count < 1 || count > GoldenRecorder.MAX_ROWS) {
            throw invalid(count + " rows, must be 1.." + GoldenRecorder.MAX_ROWS);
        }
        for (int i = 0; i < count; i++) {
            GoldenRow row = golden.getRows(i);
            float[] features = features(i, row);
            predictor.predict(features, new int[] {predictor.classIndex(row.getEndpointClass())}, 1, predictions);
            compare(i, Target.TTFT, row.getTtft());
            compare(i, Target.TPOT, row.getTpot());
            lengths(i, row.getOutputTokensList(), GoldenRecorder.outputTokens(predictor, features, row.getModel()));
        }
    }

    private float[] features(int index, GoldenRow row) throws RefusedException {
        if (row.getFeaturesCount() != columns) {
            throw invalid("row " + index + " has " + row.getFeaturesCount() + " features, not " + columns);
        }
        float[] features = FeatureSchema.row(row.getFeaturesList());
        for (float feature : features) {
            if (!Float.isFinite(feature)) {
                throw invalid("row " + index + " has the feature " + feature);
            }
        }
        return features;
    }

    private void compare(int index, Target target, GoldenTarget expected) throws RefusedException {
        int levels = predictor.quantiles().length;
        if (expected.getQuantilesMsCount() != levels) {
            throw invalid("row " + index + " has " + expected.getQuantilesMsCount() + " quantiles of " + target
                    + ", the predictor " + levels);
        }
        same(index, target + " location", expected.getLocationMs(), predictions.locationMs(target, 0));
        for (int level = 0; level < levels; level++) {
            String figure = target + " quantile " + predictor.quantiles()[level];
            same(index, figure, expected.getQuantilesMs(level), predictions.quantileMs(target, 0, level));
        }
    }

    private static void lengths(int index, List<Double> expected, List<Double> actual) throws RefusedException {
        if (expected.size() != actual.size()) {
            throw invalid("row " + index + " has " + expected.size() + " figures of the output length, the predictor "
                    + actual.size());
        }
        for (int i = 0; i < expected.size(); i++) {
            same(index, "output tokens, figure " + i, expected.get(i), actual.get(i));
        }
    }

    private static void same(int index, String figure, double expected, double actual) throws RefusedException {
        // Written so that NaN and infinity on either side fail.
        if (!(Double.isFinite(actual) && Math.abs(actual - expected) <= TOLERANCE * Math.abs(expected))) {
            throw new RefusedException(new Refusal.GoldenMismatch(index, figure, expected, actual));
        }
    }

    private static RefusedException invalid(String problem) {
        return new RefusedException(new Refusal.GoldenInvalid(problem));
    }
}
