package dev.presage.router.model;

import dev.presage.router.predict.ServingModel;
import org.jspecify.annotations.Nullable;

/** Takes the models that a pool's aliases name; null empties a seat. Called on the watcher's thread. */
@FunctionalInterface
public interface ModelSeats {
    /** The champion: it decides. */
    void serve(@Nullable ServingModel model);

    /** The challenger: it predicts and does not decide. */
    default void challenge(@Nullable ServingModel model) {}

    /** The canary: it decides for a share of the requests. */
    default void trial(@Nullable ServingModel model) {}
}
