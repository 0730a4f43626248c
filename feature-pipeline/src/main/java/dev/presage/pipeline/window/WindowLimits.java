package dev.presage.pipeline.window;

import java.time.Duration;

/**
 * What bounds a training window.
 *
 * @param perStratum samples kept in one stratum, newest win
 * @param total samples kept in all, oldest go first
 * @param maxAge older samples go, measured against the newest
 */
public record WindowLimits(int perStratum, int total, Duration maxAge) {
    public static final WindowLimits DEFAULT = new WindowLimits(2_000, 30_000, Duration.ofHours(12));

    public WindowLimits {
        if (perStratum < 1 || total < perStratum) {
            throw new IllegalArgumentException(
                    "perStratum " + perStratum + " must be at least 1 and at most total " + total);
        }
        if (maxAge.isNegative() || maxAge.isZero()) {
            throw new IllegalArgumentException("maxAge " + maxAge + " must be positive");
        }
    }
}
