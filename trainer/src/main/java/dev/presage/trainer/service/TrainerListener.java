package dev.presage.trainer.service;

import dev.presage.store.bundle.BundleId;
import dev.presage.trainer.learn.TrainedPredictor;

/** Told what the trainer does, on its thread: for logs, metrics and progress displays. Must not throw. */
public interface TrainerListener {
    /** The window was rebuilt from the log. */
    default void rebuilt(int samples) {}

    /** Learning goes on from this champion. */
    default void inherited(Predecessor champion) {}

    /**
     * Learning starts from nothing.
     *
     * @param code why, short and stable: {@code no-champion}, {@code no-bundle}, or a {@link dev.presage.store.bundle.Refusal#code}
     * @param message the same for people
     */
    default void startedCold(String code, String message) {}

    /** A model of a young window is kept back, because it is not surely better than the champion that it would replace. */
    default void heldBack(Standing standing) {}

    /** A sample could not be learned from. */
    default void unusable() {}

    default void trained(TrainedPredictor predictor) {}

    /** The bundle is in the store and champion. */
    default void published(BundleId bundle) {}

    /** A training or a publication failed for good. */
    default void failed() {}
}
