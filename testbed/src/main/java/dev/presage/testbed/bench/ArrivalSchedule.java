package dev.presage.testbed.bench;

import java.util.random.RandomGenerator;

/** Arrival times of a Poisson process, in nanoseconds since its start. One thread. */
final class ArrivalSchedule {
    private final double meanGapNanos;
    private final RandomGenerator random;
    private double now;

    ArrivalSchedule(int perSecond, RandomGenerator random) {
        this.meanGapNanos = 1e9 / perSecond;
        this.random = random;
    }

    /** The next arrival, never before the one before it. */
    long next() {
        now += meanGapNanos * random.nextExponential();
        return (long) now;
    }
}
