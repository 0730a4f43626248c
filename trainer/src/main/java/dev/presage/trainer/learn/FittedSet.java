package dev.presage.trainer.learn;

import dev.presage.store.predict.Target;
import dev.presage.store.proto.WorkModel;
import org.jspecify.annotations.Nullable;

/** Samples and the work model that fits all of them, made when it is first asked for and once. Used by one thread. */
final class FittedSet {
    private final TrainingSet data;
    private final Target target;
    private final WorkModel known;
    private @Nullable WorkModel work;
    private double @Nullable [] residuals;

    /**
     * @param data only samples that observed the target
     * @param known what classes that the data knows little of were learned as before; the default instance for nothing
     */
    FittedSet(TrainingSet data, Target target, WorkModel known) {
        this.data = data;
        this.target = target;
        this.known = known;
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
        WorkModel fitted = work;
        if (fitted == null) {
            fitted = new WorkFit(target, known).fit(data);
            work = fitted;
        }
        return fitted;
    }

    /** What the work model leaves unexplained of each sample, see {@link WorkResiduals}. Do not modify. */
    double[] residuals() {
        double[] left = residuals;
        if (left == null) {
            left = WorkResiduals.of(work(), data, target);
            residuals = left;
        }
        return left;
    }

    /** The set of what is left of this one: itself when nothing was taken away. */
    FittedSet keeping(TrainingSet kept) {
        return kept.size() == data.size() ? this : new FittedSet(kept, target, known);
    }
}
