package dev.presage.trainer.service;

import java.time.Duration;

/**
 * When to train again.
 *
 * @param firstAfter samples before the first model
 * @param growth share of new samples, relative to those that the last model saw, that makes a retraining worthwhile
 * @param atMost samples after which it is worthwhile in any case
 * @param minInterval time between the starts of two trainings
 */
public record RetrainPolicy(int firstAfter, double growth, int atMost, Duration minInterval) {
    public static final RetrainPolicy DEFAULT = new RetrainPolicy(100, 0.15, 1_000, Duration.ofSeconds(1));

    public RetrainPolicy {
        if (firstAfter < 1 || !(growth > 0) || atMost < 1 || minInterval.isNegative()) {
            throw new IllegalArgumentException("firstAfter " + firstAfter + ", growth " + growth + " and atMost "
                    + atMost + " must be above 0, minInterval " + minInterval + " not negative");
        }
    }

    /** The same with another {@code minInterval}. */
    public RetrainPolicy every(Duration interval) {
        return new RetrainPolicy(firstAfter, growth, atMost, interval);
    }

    /** Whether {@code fresh} new samples since a model that saw {@code seen} (0: no model yet) justify a training. */
    boolean due(long seen, long fresh, long sinceLastMs, boolean drifted) {
        if (sinceLastMs < minInterval.toMillis()) {
            return false;
        }
        if (seen == 0 || drifted) {
            return fresh >= firstAfter;
        }
        return fresh >= Math.min(atMost, Math.max(firstAfter / 2.0, growth * seen));
    }
}
