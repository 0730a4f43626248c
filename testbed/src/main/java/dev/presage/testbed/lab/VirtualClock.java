package dev.presage.testbed.lab;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Virtual time in milliseconds, as the nano clock and the wall clock that production code asks for. */
final class VirtualClock implements InstantSource, LongSupplier {
    private double nowMs;

    void advance(double ms) {
        nowMs = Math.max(nowMs, ms);
    }

    double nowMs() {
        return nowMs;
    }

    @Override
    public long getAsLong() {
        return Math.round(nowMs * 1e6);
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        return Math.round(nowMs);
    }
}
