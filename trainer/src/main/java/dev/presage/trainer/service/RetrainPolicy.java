package dev.presage.trainer.service;

import java.time.Duration;

/**
 * When to train again.
 *
 * @param firstAfter samples before the first model
 * @param growth share of new samples, relative to those that the last model saw, that makes a retraining worthwhile
 * @param atMost samples after which it is worthwhile in any case
 * @param minInterval time between the starts of two trainings
 * @param driftInterval the same while the latest model has drifted: its successor cannot come too soon
 */
public record RetrainPolicy(int firstAfter, double growth, int atMost, Duration minInterval, Duration driftInterval) {
    public static final RetrainPolicy DEFAULT =
            new RetrainPolicy(100, 0.15, 1_000, Duration.ofSeconds(5), Duration.ofSeconds(1));

    public RetrainPolicy {
        if (firstAfter < 1 || !(growth > 0) || atMost < 1 || minInterval.isNegative() || driftInterval.isNegative()) {
            throw new IllegalArgumentException("firstAfter " + firstAfter + ", growth " + growth + " and atMost "
                    + atMost + " must be above 0, minInterval " + minInterval + " and driftInterval " + driftInterval
                    + " not negative");
        }
    }

    /** The same with another {@code minInterval}. */
    public RetrainPolicy every(Duration interval) {
        Duration drifted = interval.compareTo(driftInterval) < 0 ? interval : driftInterval;
        return new RetrainPolicy(firstAfter, growth, atMost, interval, drifted);
    }

    /** Whether {@code fresh} new samples since a model that saw {@code seen} (0: no model yet) justify a training. */
    boolean due(long seen, long fresh, long sinceLastMs, boolean drifted) {
        if (seen == 0) {
            return fresh >= firstAfter && sinceLastMs >= minInterval.toMillis();
        }
        if (drifted && fresh >= firstAfter && sinceLastMs >= driftInterval.toMillis()) {
            return true;
        }
        return fresh >= Math.min(atMost, Math.max(firstAfter / 2.0, growth * seen))
                && sinceLastMs >= minInterval.toMillis();
    }
}
