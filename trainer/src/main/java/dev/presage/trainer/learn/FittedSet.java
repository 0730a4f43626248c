package dev.presage.trainer.learn;

import dev.presage.store.predict.Target;
import dev.presage.store.proto.WorkModel;
import org.jspecify.annotations.Nullable;

/** Samples and the work model that fits all of them, made when it is first asked for and once. Used by one thread. */
final class FittedSet {
    private final TrainingSet data;
    private final Target target;
    private @Nullable WorkModel work;
    private double @Nullable [] residuals;

    /** {@code data} holds only samples that observed the target. */
    FittedSet(TrainingSet data, Target target) {
        this.data = data;
        this.target = target;
    }

    TrainingSet data() {
        return data;
    }

    Target target() {
        return target;
    }

    int size() {
        return data.size();
    }

    WorkModel work() {
        WorkModel known = work;
        if (known == null) {
            known = new WorkFit(target).fit(data);
            work = known;
        }
        return known;
    }

    /** What the work model leaves unexplained of each sample, see {@link WorkResiduals}. Do not modify. */
    double[] residuals() {
        double[] known = residuals;
        if (known == null) {
            known = WorkResiduals.of(work(), data, target);
            residuals = known;
        }
        return known;
    }

    /** The set of what is left of this one: itself when nothing was taken away. */
    FittedSet keeping(TrainingSet kept) {
        return kept.size() == data.size() ? this : new FittedSet(kept, target);
    }
}
