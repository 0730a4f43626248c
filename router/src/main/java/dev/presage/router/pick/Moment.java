package dev.presage.router.pick;

import dev.presage.router.predict.ServingModel;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a scheduler may use besides the candidates. Made for one decision, used by its thread.
 *
 * @param model the model in service, null for none
 * @param now wall clock, for the age of the model
 * @param health how the model has done lately
 */
public record Moment(@Nullable ServingModel model, Instant now, Ladder.Health health, RandomGenerator random) {}
