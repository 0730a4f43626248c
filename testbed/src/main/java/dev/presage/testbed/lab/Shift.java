package dev.presage.testbed.lab;

/**
 * Shares of the requests that a replica got which computes slower from some time on. NaN without such an incident.
 *
 * @param before in the five minutes before
 * @param first in the ten seconds after
 * @param after in the minute after those
 */
record Shift(double before, double first, double after) {
    static final Shift NONE = new Shift(Double.NaN, Double.NaN, Double.NaN);
}
