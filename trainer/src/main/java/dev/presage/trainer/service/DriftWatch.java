package dev.presage.trainer.service;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.Sample;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Watches the latest model prequentially for a shift: two cumulative sums of standardised log errors of TTFT per endpoint class
 * (Page 1954). Says within some ten samples that a class is no longer what it was. Used by one thread; bounded by the
 * number of classes in the window.
 */
final class DriftWatch {
    /** Shifts below half of the usual error are no drift. */
    private static final double ALLOWANCE = 0.5;

    private static final double ALARM = 30;
    private static final double CLIP = 3;

    private static final class Sums {
        double high;
        double low;
    }

    private final Map<String, Sums> byClass = new HashMap<>();
    private final Predictions predictions = new Predictions();
    private final int[] classIndex = new int[1];
    private @Nullable Predictor predictor;
    private double usualError = 1;
    private boolean drifted;

    /** A new model is out, with this median relative error on later data than it was trained on. */
    void trained(Predictor next, double medianError) {
        predictor = next;
        // The median of |normal| is 0.6745 of its standard deviation.
        usualError = medianError > 0 ? Math.max(0.05, medianError / 0.6745) : 0.5;
        byClass.clear();
        drifted = false;
    }

    /** One more sample ended. */
    void saw(Sample sample) {
        Predictor latest = predictor;
        if (latest == null || !sample.hasTtftMs() || sample.getTtftMs() <= 0) {
            return;
        }
        float[] row = FeatureSchema.row(sample.getFeaturesList());
        classIndex[0] = latest.classIndex(sample.getEndpointClass());
        latest.predict(row, classIndex, 1, predictions);
        double error = Math.log(sample.getTtftMs() / predictions.locationMs(Target.TTFT, 0));
        double standard = Math.clamp(error / usualError, -CLIP, CLIP);
        Sums sums = byClass.computeIfAbsent(sample.getEndpointClass(), name -> new Sums());
        sums.high = Math.max(0, sums.high + standard - ALLOWANCE);
        sums.low = Math.max(0, sums.low - standard - ALLOWANCE);
        drifted |= sums.high > ALARM || sums.low > ALARM;
    }

    /** Whether some class has shifted since the latest model was trained. */
    boolean drifted() {
        return drifted;
    }
}
