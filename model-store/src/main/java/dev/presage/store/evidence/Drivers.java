package dev.presage.store.evidence;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What drove a prediction: for each feature, by how much the predicted TTFT would have been lower, in milliseconds, had that feature alone been
 * zero (occlusion). The figures need not add up, because features act together.
 */
public final class Drivers {
    private final Predictor predictor;

    public Drivers(Predictor predictor) {
        this.predictor = predictor;
    }

    /** The features of a logged row that matter most, greatest effect first. */
    public Map<String, Double> of(List<Float> logged, String endpointClass, int most) {
        float[] row = FeatureSchema.row(logged);
        int count = FeatureSchema.SIZE + 1;
        float[] rows = new float[count * FeatureSchema.SIZE];
        int[] classes = new int[count];
        for (int i = 0; i < count; i++) {
            for (int column = 0; column < FeatureSchema.SIZE; column++) {
                rows[i * FeatureSchema.SIZE + column] = column == i ? 0 : row[column];
            }
            classes[i] = predictor.classIndex(endpointClass);
        }
        Predictions said = new Predictions();
        predictor.predict(rows, classes, count, said);
        double whole = said.locationMs(Target.TTFT, FeatureSchema.SIZE);
        Map<String, Double> effects = new TreeMap<>();
        for (int column = 0; column < FeatureSchema.SIZE; column++) {
            effects.put(FeatureSchema.keys().get(column), whole - said.locationMs(Target.TTFT, column));
        }
        Map<String, Double> greatest = new LinkedHashMap<>();
        effects.entrySet().stream()
                .filter(effect -> effect.getValue() != 0)
                .sorted(Comparator.comparingDouble(effect -> -Math.abs(effect.getValue())))
                .limit(most)
                .forEach(effect -> greatest.put(effect.getKey(), effect.getValue()));
        return greatest;
    }
}
