package dev.presage.store.evidence;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.GoldenRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much two versions differ in what they say of the same rows: both bundles' golden rows, which are real traffic.
 *
 * @param medianRatio median of the second's prediction over the first's
 * @param within the factor, one way or the other, that 90 % of the rows differ by at most
 * @param most the greatest such factor
 */
public record PredictionDifference(Target target, int rows, double medianRatio, double within, double most) {

    /** One per target. */
    public static List<PredictionDifference> of(VerifiedBundle first, VerifiedBundle second) {
        List<GoldenRow> rows = new ArrayList<>(first.goldenRows().getRowsList());
        rows.addAll(second.goldenRows().getRowsList());
        List<PredictionDifference> differences = new ArrayList<>();
        for (Target target : Target.values()) {
            double[] logs = new double[rows.size()];
            for (int i = 0; i < logs.length; i++) {
                logs[i] = Math.log(
                        said(second.predictor(), rows.get(i), target) / said(first.predictor(), rows.get(i), target));
            }
            differences.add(of(target, logs));
        }
        return differences;
    }

    private static PredictionDifference of(Target target, double[] logs) {
        double[] sizes = Arrays.stream(logs).map(Math::abs).sorted().toArray();
        Arrays.sort(logs);
        return new PredictionDifference(
                target,
                logs.length,
                Math.exp(logs[logs.length / 2]),
                Math.exp(sizes[(int) (0.9 * (sizes.length - 1))]),
                Math.exp(sizes[sizes.length - 1]));
    }

    private static double said(Predictor predictor, GoldenRow row, Target target) {
        float[] features = FeatureSchema.row(row.getFeaturesList());
        Predictions predictions = new Predictions();
        predictor.predict(features, new int[] {predictor.classIndex(row.getEndpointClass())}, 1, predictions);
        return predictions.locationMs(target, 0);
    }
}
