package dev.presage.trainer.service;

import dev.presage.store.bundle.BundleId;
import dev.presage.trainer.learn.TrainedPredictor;

/** Told what the trainer does, on its thread: for logs, metrics and progress displays. Must not throw. */
public interface TrainerListener {
    /** The window was rebuilt from the log. */
    default void rebuilt(int samples) {}

    /** A sample could not be learned from. */
    default void unusable() {}

    default void trained(TrainedPredictor predictor) {}

    /** The bundle is in the store and champion. */
    default void published(BundleId bundle) {}

    /** A training or a publication failed for good. */
    default void failed() {}
}
