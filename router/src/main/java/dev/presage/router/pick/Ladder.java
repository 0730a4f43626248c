package dev.presage.router.pick;

import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.ServingModel;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The rungs from the learned policy down: the model when there is one and it may be trusted, else LMETRIC, which needs no
 * model, no scrape and no knob. Pure.
 *
 * @param maxModelAge a model whose data ended longer ago is stale
 * @param learning false switches the model off
 */
public record Ladder(Policy lower, Exploration exploration, Duration maxModelAge, boolean learning) {
    /** A day is long enough for a trainer to be repaired and short enough for a fleet to change. */
    public static final Ladder DEFAULT = new Ladder(new LmetricPolicy(), Exploration.DEFAULT, Duration.ofDays(1), true);

    /** A choice and why the top rung did not make it. */
    public record Rung(Choice choice, Fallback fallback) {}

    public Rung choose(CandidateMatrix candidates, @Nullable ServingModel model, Instant now, RandomGenerator random) {
        if (!learning) {
            return lower(candidates, Fallback.DISABLED, random);
        }
        if (model == null) {
            return lower(candidates, Fallback.NO_MODEL, random);
        }
        if (model.trainedAt().plus(maxModelAge).isBefore(now)) {
            return lower(candidates, Fallback.MODEL_STALE, random);
        }
        return new Rung(new LearnedPolicy(model, exploration).choose(candidates, random), Fallback.NONE);
    }

    private Rung lower(CandidateMatrix candidates, Fallback why, RandomGenerator random) {
        return new Rung(lower.choose(candidates, random), why);
    }
}
