package dev.presage.trainer.learn;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs a predictor over a training set and judges the result. */
public final class Evaluations {
    /** Name of the slice that holds every sample. */
    public static final String ALL = "all";

    private Evaluations() {}

    /** Predictions for every sample, in order. */
    public static Predictions predict(Predictor predictor, TrainingSet data) {
        float[] rows = new float[data.size() * FeatureSchema.SIZE];
        int[] classes = new int[data.size()];
        for (int i = 0; i < classes.length; i++) {
            System.arraycopy(data.row(i), 0, rows, i * FeatureSchema.SIZE, FeatureSchema.SIZE);
            classes[i] = predictor.classIndex(data.endpointClass(i));
        }
        Predictions predictions = new Predictions();
        predictor.predict(rows, classes, classes.length, predictions);
        return predictions;
    }

    /** Judges the predictor on samples that all observed the target. */
    public static Evaluation of(Predictor predictor, TrainingSet data, Target target, List<Double> levels) {
        Predictions predictions = predict(predictor, data);
        int n = data.size();
        double[] actual = new double[n];
        double[] locations = new double[n];
        double[][] quantiles = new double[n][levels.size()];
        for (int i = 0; i < n; i++) {
            actual[i] = data.outcome(i, target);
            locations[i] = predictions.locationMs(target, i);
            for (int level = 0; level < levels.size(); level++) {
                quantiles[i][level] = predictions.quantileMs(target, i, level);
            }
        }
        return Evaluation.of(actual, locations, quantiles, levels);
    }

    /** The same for the whole set (named {@code all}) and for each slice that has samples. */
    public static Map<String, Evaluation> bySlice(
            Predictor predictor, TrainingSet data, Target target, List<Double> levels) {
        Map<String, Evaluation> evaluations = new TreeMap<>();
        evaluations.put(ALL, of(predictor, data, target, levels));
        Map<String, TrainingSet> slices = new TreeMap<>();
        for (int i = 0; i < data.size(); i++) {
            for (String name : Slices.of(data.row(i), data.endpointClass(i))) {
                slices.computeIfAbsent(name, key -> new TrainingSet()).copy(data, i);
            }
        }
        slices.forEach((name, slice) -> evaluations.put(name, of(predictor, slice, target, levels)));
        return evaluations;
    }
}
