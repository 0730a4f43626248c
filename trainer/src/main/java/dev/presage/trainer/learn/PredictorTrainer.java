package dev.presage.trainer.learn;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.Calibration;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.TargetModel;
import dev.presage.store.proto.WorkModel;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trains a predictor of TTFT, TPOT and output length from samples. Called by the trainer service with its window and by the policy lab inside
 * a run; deterministic for a given seed and order of samples. Runs on the calling thread for well under a second at 20,000
 * samples.
 */
public final class PredictorTrainer {
    private final TrainerSettings settings;

    public PredictorTrainer(TrainerSettings settings) {
        this.settings = settings;
    }

    /** The first training of a window. */
    public Optional<TrainedPredictor> train(TrainingSet samples) {
        return train(samples, WarmStart.COLD);
    }

    /**
     * Empty while TTFT was observed fewer than {@link TrainerSettings#minSamples} times.
     *
     * @param start what it goes on from
     */
    public Optional<TrainedPredictor> train(TrainingSet samples, WarmStart start) {
        TrainingSet ttft = samples.observed(Target.TTFT);
        if (ttft.size() < settings.minSamples()) {
            return Optional.empty();
        }
        Map<Target, TargetFit> fits = new EnumMap<>(Target.class);
        fits.put(Target.TTFT, new TargetTrainer(Target.TTFT, settings, start).train(ttft));
        TrainingSet tpot = samples.observed(Target.TPOT);
        if (tpot.size() >= settings.minSamples()) {
            fits.put(Target.TPOT, new TargetTrainer(Target.TPOT, settings, start).train(tpot));
        }
        TrainingSet counted = samples.counted();
        Optional<LengthFit> length = counted.size() < settings.minSamples()
                ? Optional.empty()
                : Optional.of(new LengthTrainer(settings.quantiles()).train(counted));
        return Optional.of(assemble(fits, length, samples));
    }

    private TrainedPredictor assemble(Map<Target, TargetFit> fits, Optional<LengthFit> length, TrainingSet samples) {
        CompiledPredictor.Builder compiled = CompiledPredictor.newBuilder()
                .setFormatVersion(Predictor.FORMAT)
                .setFeatureSchema(FeatureSchema.HASH)
                .addAllQuantiles(settings.quantiles())
                .setTpot(unlearned(settings.quantiles()))
                .addAllSupportHigh(samples.highest());
        fits.forEach((target, fit) -> {
            switch (target) {
                case TTFT -> compiled.setTtft(fit.model());
                case TPOT -> compiled.setTpot(fit.model());
            }
        });
        length.ifPresent(fit -> compiled.setLength(fit.model()));
        return new TrainedPredictor(compiled.build(), Map.copyOf(fits), length, settings, samples.size());
    }

    /** Stands in for a target that no sample has shown yet: one constant, so that the bundle is complete. */
    static TargetModel unlearned(List<Double> levels) {
        Calibration.Builder flat = Calibration.newBuilder();
        levels.forEach(level -> flat.addOffsets(0));
        return TargetModel.newBuilder()
                .setWork(WorkModel.newBuilder().setFloorMs(1))
                .setCalibration(flat)
                .build();
    }
}
