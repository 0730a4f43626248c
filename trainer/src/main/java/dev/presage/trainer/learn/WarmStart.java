package dev.presage.trainer.learn;

import dev.presage.store.predict.Target;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.Linear;
import dev.presage.store.proto.TargetModel;
import dev.presage.store.proto.WorkModel;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a training goes on from: the weights of the linear part, used or not, and the work of endpoint classes that the window knows little
 * or nothing of. Immutable.
 *
 * @param linear per target; a target that is absent starts from nothing
 * @param work the same
 */
public record WarmStart(Map<Target, Linear> linear, Map<Target, WorkModel> work) {
    /** From nothing. */
    public static final WarmStart COLD = new WarmStart(Map.of(), Map.of());

    public WarmStart {
        linear = Map.copyOf(linear);
        work = Map.copyOf(work);
    }

    /** From a bundle's predictor, whatever trained it. Of the linear part a bundle holds the share that it uses; that is undone. */
    public static WarmStart from(CompiledPredictor champion) {
        Map<Target, Linear> linear = new EnumMap<>(Target.class);
        Map<Target, WorkModel> work = new EnumMap<>(Target.class);
        for (Target target : Target.values()) {
            TargetModel model = target == Target.TTFT ? champion.getTtft() : champion.getTpot();
            work.put(target, model.getWork());
            if (model.getLinear().getMost() > 0) {
                linear.put(
                        target,
                        TargetTrainer.scaled(
                                model.getLinear(),
                                ResidualLinear.MOST / model.getLinear().getMost()));
            }
        }
        return new WarmStart(linear, work);
    }

    /** The same with the linear part as that training left it. */
    public WarmStart after(TrainedPredictor last) {
        Map<Target, Linear> newer = new EnumMap<>(Target.class);
        newer.putAll(linear);
        last.fits().forEach((target, fit) -> newer.put(target, fit.linear()));
        return new WarmStart(newer, work);
    }

    /** The same without what the window now knows for itself. */
    public WarmStart withoutWork() {
        return new WarmStart(linear, Map.of());
    }

    Linear linear(Target target) {
        return linear.getOrDefault(target, Linear.getDefaultInstance());
    }

    WorkModel work(Target target) {
        return work.getOrDefault(target, WorkModel.getDefaultInstance());
    }
}
