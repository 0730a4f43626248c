package dev.presage.trainer.service;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.window.TrainingWindow;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainedPredictor;
import dev.presage.trainer.learn.TrainingSet;
import java.util.List;
import java.util.Optional;

/**
 * Takes samples in and says when a new predictor is ready. Knows no clock and no transport, so that the trainer service and
 * the policy lab run the same loop. Used by one thread.
 */
public final class LearningLoop {
    private final TrainingWindow window;
    private final PredictorTrainer trainer;
    private final RetrainPolicy policy;
    private final DriftWatch drift = new DriftWatch();
    private Optional<TrainedPredictor> last = Optional.empty();
    private long seen;
    private long lastTrainedMs = Long.MIN_VALUE / 2;

    public LearningLoop(TrainingWindow window, PredictorTrainer trainer, RetrainPolicy policy) {
        this.window = window;
        this.trainer = trainer;
        this.policy = policy;
    }

    /** Takes one sample in; false when it cannot be learned from. */
    public boolean offer(Sample sample) {
        boolean usable = window.offer(sample);
        if (usable) {
            drift.saw(sample);
        }
        return usable;
    }

    /** Whether the latest model's errors have shifted since it was trained. */
    public boolean drifted() {
        return drift.drifted();
    }

    /** Whether a training is worthwhile at {@code nowMs}. */
    public boolean isDue(long nowMs) {
        return policy.due(seen, window.offered() - seen, nowMs - lastTrainedMs, drift.drifted());
    }

    /** Trains when it is worthwhile at {@code nowMs}; empty when it is not, or when there is too little to learn from. */
    public Optional<Training> trainIfDue(long nowMs) {
        if (!isDue(nowMs)) {
            return Optional.empty();
        }
        lastTrainedMs = nowMs;
        List<Sample> samples = window.samples();
        TrainingSet set = trainingSet(samples);
        return trainer.train(set, last).map(predictor -> {
            last = Optional.of(predictor);
            seen = window.offered();
            drift.trained(
                    Predictor.compile(predictor.compiled()),
                    predictor.evidence(Target.TTFT).overall().medianError());
            return new Training(
                    predictor,
                    set,
                    samples.getFirst().getEndedAtMs(),
                    samples.getLast().getEndedAtMs());
        });
    }

    /**
     * A finished training.
     *
     * @param samples what it learned from
     * @param fromMs end of the oldest of them, milliseconds since the epoch
     * @param toMs end of the newest
     */
    public record Training(TrainedPredictor predictor, TrainingSet samples, long fromMs, long toMs) {}

    /** Samples in the window. */
    public int windowSize() {
        return window.size();
    }

    private static TrainingSet trainingSet(List<Sample> samples) {
        TrainingSet set = new TrainingSet();
        for (Sample sample : samples) {
            set.add(
                    FeatureSchema.row(sample.getFeaturesList()),
                    sample.getEndpoint(),
                    sample.getEndpointClass(),
                    sample.getModel(),
                    sample.hasTtftMs() ? sample.getTtftMs() : Double.NaN,
                    sample.hasTpotMs() ? sample.getTpotMs() : Double.NaN,
                    sample.hasOutputTokens() ? sample.getOutputTokens() : Double.NaN);
        }
        return set;
    }
}
