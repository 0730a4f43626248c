package dev.presage.trainer.learn;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Samples in the order in which they ended, oldest first: one feature row, endpoint class, model and up to three outcomes each. An
 * outcome that is missing is NaN. Filled by one thread, then read only.
 */
public final class TrainingSet {
    /** Behind the targets. */
    private static final int OUTPUT_TOKENS = Target.values().length;

    private final List<float[]> rows = new ArrayList<>();
    private final List<String> endpoints = new ArrayList<>();
    private final List<String> classes = new ArrayList<>();
    private final List<String> models = new ArrayList<>();
    private final List<double[]> outcomes = new ArrayList<>();

    /** Adds one sample whose reply nobody counted; {@code ttftMs} or {@code tpotMs} is NaN when it was not observed. */
    public void add(float[] row, String endpointClass, double ttftMs, double tpotMs) {
        add(row, endpointClass, endpointClass, "", ttftMs, tpotMs, Double.NaN);
    }

    /**
     * Adds one sample; an outcome is NaN when it was not observed.
     *
     * @param endpoint who served it
     * @param model the model that was asked for
     * @param outputTokens of the reply
     */
    public void add(
            float[] row,
            String endpoint,
            String endpointClass,
            String model,
            double ttftMs,
            double tpotMs,
            double outputTokens) {
        if (row.length != FeatureSchema.SIZE) {
            throw new IllegalArgumentException("row of " + row.length + " features, expected " + FeatureSchema.SIZE);
        }
        rows.add(row);
        endpoints.add(endpoint);
        classes.add(endpointClass);
        models.add(model);
        outcomes.add(new double[] {ttftMs, tpotMs, outputTokens});
    }

    public int size() {
        return rows.size();
    }

    public float[] row(int sample) {
        return rows.get(sample);
    }

    String endpoint(int sample) {
        return endpoints.get(sample);
    }

    public String endpointClass(int sample) {
        return classes.get(sample);
    }

    /** The model that was asked for; empty when nobody knows. */
    public String model(int sample) {
        return models.get(sample);
    }

    /** Tokens of the reply; NaN when they were not counted. */
    public double outputTokens(int sample) {
        return outcomes.get(sample)[OUTPUT_TOKENS];
    }

    /** The outcome in milliseconds; NaN when it was not observed. */
    public double outcome(int sample, Target target) {
        return outcomes.get(sample)[target.ordinal()];
    }

    /** The samples for which the target was observed and is usable: finite and positive. */
    public TrainingSet observed(Target target) {
        return observed(target.ordinal());
    }

    /** The samples whose reply was counted and not empty. */
    public TrainingSet counted() {
        return observed(OUTPUT_TOKENS);
    }

    private TrainingSet observed(int outcome) {
        TrainingSet kept = new TrainingSet();
        for (int i = 0; i < size(); i++) {
            double value = outcomes.get(i)[outcome];
            if (value > 0 && value < Double.POSITIVE_INFINITY) {
                kept.copy(this, i);
            }
        }
        return kept;
    }

    /** Samples {@code from} (inclusive) to {@code to} (exclusive). */
    public TrainingSet slice(int from, int to) {
        TrainingSet part = new TrainingSet();
        for (int i = from; i < to; i++) {
            part.copy(this, i);
        }
        return part;
    }

    /** All but samples {@code from} (inclusive) to {@code to} (exclusive). */
    TrainingSet without(int from, int to) {
        TrainingSet part = slice(0, from);
        for (int i = to; i < size(); i++) {
            part.copy(this, i);
        }
        return part;
    }

    /** Largest value of each feature. */
    List<Float> highest() {
        Float[] highest = new Float[FeatureSchema.SIZE];
        Arrays.fill(highest, 0f);
        for (float[] row : rows) {
            for (int i = 0; i < highest.length; i++) {
                highest[i] = Math.max(highest[i], row[i]);
            }
        }
        return List.of(highest);
    }

    /** Adds a sample of another set. */
    void copy(TrainingSet source, int sample) {
        rows.add(source.rows.get(sample));
        endpoints.add(source.endpoints.get(sample));
        classes.add(source.classes.get(sample));
        models.add(source.models.get(sample));
        outcomes.add(source.outcomes.get(sample));
    }
}
