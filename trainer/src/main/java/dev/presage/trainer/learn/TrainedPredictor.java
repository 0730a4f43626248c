package dev.presage.trainer.learn;

import dev.presage.store.predict.Target;
import dev.presage.store.proto.CompiledPredictor;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a training run, ready to be bundled.
 *
 * @param compiled what the router evaluates
 * @param fits the targets that were learned; a target that no sample showed is absent
 * @param length of replies; empty when they were not counted
 * @param settings what it was trained with
 * @param samples how many samples the window held
 */
public record TrainedPredictor(
        CompiledPredictor compiled,
        Map<Target, TargetFit> fits,
        Optional<LengthFit> length,
        TrainerSettings settings,
        int samples) {

    /** Evidence of a target, empty of one that was not learned. */
    public Evidence evidence(Target target) {
        TargetFit fit = fits.get(target);
        return fit == null ? Evidence.NONE : fit.evidence();
    }
}
