package dev.presage.trainer.service;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.window.TrainingWindow;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainedPredictor;
import dev.presage.trainer.learn.TrainingSet;
import dev.presage.trainer.learn.WarmStart;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes samples in and says when a new predictor is ready. Knows no clock and no transport, so that the trainer service and
 * the policy lab run the same loop. Used by one thread.
 */
public final class LearningLoop {
    private final TrainingWindow window;
    private final PredictorTrainer trainer;
    private final RetrainPolicy policy;
    private final DriftWatch drift = new DriftWatch();
    private WarmStart start = WarmStart.COLD;
    private @Nullable Predecessor predecessor;
    private @Nullable Probation probation;
    private long seen;
    private long lastTrainedMs = Long.MIN_VALUE / 2;

    public LearningLoop(TrainingWindow window, PredictorTrainer trainer, RetrainPolicy policy) {
        this.window = window;
        this.trainer = trainer;
        this.policy = policy;
    }

    /** Goes on from the pool's champion; before the first training, and at most once. */
    public void inherit(Predecessor champion) {
        predecessor = champion;
        probation = new Probation(champion);
        start = champion.start();
    }

    /** Takes one sample in; false when it cannot be learned from. */
    public boolean offer(Sample sample) {
        boolean usable = window.offer(sample);
        if (usable) {
            drift.saw(sample);
            if (probation != null) {
                probation.saw(sample);
            }
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
        if (predecessor != null && !predecessor.outweighs(samples.size())) {
            predecessor = null;
            start = start.withoutWork();
        }
        return trainer.train(set, start).map(predictor -> {
            start = start.after(predictor);
            seen = window.offered();
            Predictor compiled = Predictor.compile(predictor.compiled());
            drift.trained(compiled, predictor.evidence(Target.TTFT).overall().medianError());
            return new Training(
                    predictor,
                    set,
                    samples.getFirst().getEndedAtMs(),
                    samples.getLast().getEndedAtMs(),
                    standing(compiled, samples.size()));
        });
    }

    /** By what was seen of the models before this one. Passed is passed: from then on the newest model serves. */
    private Optional<Standing> standing(Predictor trained, int windowSize) {
        Probation judge = probation;
        if (judge == null) {
            return Optional.empty();
        }
        Standing standing = judge.standing(windowSize);
        if (standing.passed()) {
            probation = null;
        } else {
            judge.trained(trained);
        }
        return Optional.of(standing);
    }

    /**
     * A finished training.
     *
     * @param samples what it learned from
     * @param fromMs end of the oldest of them, milliseconds since the epoch
     * @param toMs end of the newest
     * @param standing beside the champion that was inherited; empty once that is replaced, and where there was none
     */
    public record Training(
            TrainedPredictor predictor, TrainingSet samples, long fromMs, long toMs, Optional<Standing> standing) {
        /** Whether it is to serve; a young window's model waits while it is not surely better than the champion. */
        public boolean isToServe() {
            return standing.map(Standing::passed).orElse(true);
        }
    }

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
