package dev.presage.testbed.bench;

import org.HdrHistogram.Histogram;

/**
 * What one window of load saw.
 *
 * @param latency of each decision, in nanoseconds
 * @param errors requests that did not end as they should
 * @param seconds from the first request to the end of the last
 */
record LoadCount(Histogram latency, long errors, double seconds) {
    static final long MAX_NANOS = 60_000_000_000L;
    private static final int DIGITS = 3;

    static Histogram histogram() {
        return new Histogram(MAX_NANOS, DIGITS);
    }
}
