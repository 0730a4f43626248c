package dev.presage.router.pick;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.ServingModel;
import dev.presage.store.predict.Predictor;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The rungs from the learned policy down: the model when there is one that may be trusted with these candidates, else {@code
 * lower}, by default LMETRIC for the fleet, which needs no model, no scrape and no knob. Pure.
 *
 * @param objective what the model's pick makes small
 * @param maxModelAge a model whose data ended longer ago is stale
 * @param learning false switches the model off
 */
public record Ladder(Policy lower, Objective objective, Exploration exploration, Duration maxModelAge, boolean learning)
        implements Scheduler {
    /** A day is long enough for a trainer to be repaired and short enough for a fleet to change. */
    public static final Ladder DEFAULT = new Ladder(
            new FleetLmetricPolicy(), Objective.FLEET_LATENCY, Exploration.DEFAULT, Duration.ofDays(1), true);

    /** The same for another objective. */
    public Ladder towards(Objective other) {
        return new Ladder(lower, other, exploration, maxModelAge, learning);
    }

    /** A choice and why the top rung did not make it. */
    public record Rung(Choice choice, Fallback fallback) {}

    /**
     * How the model has done lately, from {@link dev.presage.router.predict.ModelHealth}.
     *
     * @param calibrated its errors are within bounds
     * @param withinBudget its decisions are fast enough
     */
    public record Health(boolean calibrated, boolean withinBudget) {
        public static final Health GOOD = new Health(true, true);
    }

    public Rung choose(
            CandidateMatrix candidates,
            @Nullable ServingModel model,
            Instant now,
            Health health,
            RandomGenerator random) {
        Fallback reason = judge(candidates, model, now, health);
        return model != null && reason == Fallback.NONE
                ? new Rung(
                        new LearnedPolicy(model, new TargetCost(objective), exploration).choose(candidates, random),
                        reason)
                : new Rung(lower.choose(candidates, random), reason);
    }

    @Override
    public Decision.Routed schedule(CandidateMatrix candidates, Moment moment) {
        Rung rung = choose(candidates, moment.model(), moment.now(), moment.health(), moment.random());
        return new Decision.Routed(candidates, rung.choice(), rung.fallback(), "");
    }

    /** Why the model may not decide among these candidates; {@link Fallback#NONE} when it may. */
    public Fallback judge(CandidateMatrix candidates, @Nullable ServingModel model, Instant now, Health health) {
        if (model == null) {
            return learning ? Fallback.NO_MODEL : Fallback.DISABLED;
        }
        return reason(candidates, model, now, health);
    }

    private Fallback reason(CandidateMatrix candidates, ServingModel model, Instant now, Health health) {
        if (!learning) {
            return Fallback.DISABLED;
        }
        if (model.trainedAt().plus(maxModelAge).isBefore(now)) {
            return Fallback.MODEL_STALE;
        }
        if (!health.calibrated()) {
            return Fallback.CALIBRATION_OFF;
        }
        if (!health.withinBudget()) {
            return Fallback.BUDGET_EXCEEDED;
        }
        if (mostlyStale(candidates)) {
            return Fallback.METRICS_STALE;
        }
        return mostlyUnlike(candidates, model.predictor()) ? Fallback.OUT_OF_SUPPORT : Fallback.NONE;
    }

    private static boolean mostlyStale(CandidateMatrix candidates) {
        int fresh = 0;
        for (int i = 0; i < candidates.size(); i++) {
            fresh += candidates.fresh(i) ? 1 : 0;
        }
        return 2 * fresh < candidates.size();
    }

    private static boolean mostlyUnlike(CandidateMatrix candidates, Predictor predictor) {
        int like = 0;
        for (int i = 0; i < candidates.size(); i++) {
            like += predictor.inSupport(candidates.rows(), i * FeatureSchema.SIZE) ? 1 : 0;
        }
        return 2 * like < candidates.size();
    }
}
