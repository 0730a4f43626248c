package dev.presage.router.pick;

import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Outcome;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares the requests that a canary routed with the others of the same time and says when it has to go: more errors, a higher TTFT, or
 * predictions that do not cover what they should. Looked at again and again, so it asks for {@value #Z} standard errors. Updated under its own
 * lock; keeps sums only.
 */
public final class CanaryGuard {
    private static final int ENOUGH = 50;
    private static final int EVERY = 10;
    private static final double Z = 3.09;
    private static final double MORE_ERRORS = 0.01;
    private static final double SLOWER = Math.log(1.1);
    private static final double LEVEL = 0.9;
    private static final double UNCOVERED = 0.15;

    /** Why a canary has to go. */
    public enum Guardrail {
        ERRORS,
        TTFT,
        COVERAGE;

        /** Name in metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A guardrail that was met, and the figures. */
    public record Stop(Guardrail guardrail, String text) {}

    private static final class Arm {
        private long ended;
        private long errors;
        private long measured;
        private double sum;
        private double squares;
        private long predicted;
        private long covered;

        private void add(Outcome outcome) {
            ended++;
            Double ttftMs = outcome.ttftMs();
            if (outcome.cause() == EndCause.UPSTREAM_ERROR || outcome.httpStatus() >= 500) {
                errors++;
            } else if (ttftMs != null && outcome.asChosen()) {
                double log = Math.log(Math.max(0.01, ttftMs));
                measured++;
                sum += log;
                squares += log * log;
                cover(outcome, ttftMs);
            }
        }

        private void cover(Outcome outcome, double ttftMs) {
            Choice choice = outcome.decision().choice();
            Predictions predictions = choice.predictions();
            if (predictions != null) {
                int level = level(predictions.levels());
                predicted++;
                covered += ttftMs <= predictions.quantileMs(Target.TTFT, choice.candidate(), level) ? 1 : 0;
            }
        }

        private static int level(double[] levels) {
            int nearest = 0;
            for (int i = 1; i < levels.length; i++) {
                if (Math.abs(levels[i] - LEVEL) < Math.abs(levels[nearest] - LEVEL)) {
                    nearest = i;
                }
            }
            return nearest;
        }

        private double errorShare() {
            return (double) errors / ended;
        }

        /** Of the share, with one success and one failure more than seen, so that it is never zero. */
        private double errorVariance() {
            double share = (errors + 1.0) / (ended + 2.0);
            return share * (1 - share) / ended;
        }

        private double mean() {
            return sum / measured;
        }

        private double meanVariance() {
            return Math.max(0, squares / measured - mean() * mean()) / measured;
        }
    }

    private final Arm canary = new Arm();
    private final Arm others = new Arm();

    /** A request ended; {@code byCanary} says who routed it. Gives the reason to stop, once there is one. */
    public synchronized Optional<Stop> ended(Outcome outcome, boolean byCanary) {
        (byCanary ? canary : others).add(outcome);
        if (!byCanary || canary.ended < ENOUGH || others.ended < ENOUGH || canary.ended % EVERY != 0) {
            return Optional.empty();
        }
        return errors().or(this::ttft).or(this::coverage);
    }

    private Optional<Stop> errors() {
        double more = canary.errorShare() - others.errorShare();
        double error = Math.sqrt(canary.errorVariance() + others.errorVariance());
        return more - Z * error > MORE_ERRORS
                ? stop(
                        Guardrail.ERRORS,
                        "%.1f %% of %d requests failed, of %d others %.1f %%",
                        100 * canary.errorShare(),
                        canary.ended,
                        others.ended,
                        100 * others.errorShare())
                : Optional.empty();
    }

    private Optional<Stop> ttft() {
        if (canary.measured < ENOUGH || others.measured < ENOUGH) {
            return Optional.empty();
        }
        double slower = canary.mean() - others.mean();
        double error = Math.sqrt(canary.meanVariance() + others.meanVariance());
        return slower - Z * error > SLOWER
                ? stop(
                        Guardrail.TTFT,
                        "geometric mean TTFT of %d requests is %.0f ms, of %d others %.0f ms",
                        canary.measured,
                        Math.exp(canary.mean()),
                        others.measured,
                        Math.exp(others.mean()))
                : Optional.empty();
    }

    private Optional<Stop> coverage() {
        if (canary.predicted < ENOUGH) {
            return Optional.empty();
        }
        double share = (double) canary.covered / canary.predicted;
        double error = Math.sqrt(LEVEL * (1 - LEVEL) / canary.predicted);
        return share + Z * error < LEVEL - UNCOVERED
                ? stop(
                        Guardrail.COVERAGE,
                        "the 90 %% quantile of TTFT covered %.0f %% of %d requests",
                        100 * share,
                        canary.predicted)
                : Optional.empty();
    }

    private static Optional<Stop> stop(Guardrail guardrail, String format, Object... figures) {
        return Optional.of(new Stop(guardrail, String.format(Locale.ROOT, format, figures)));
    }
}
