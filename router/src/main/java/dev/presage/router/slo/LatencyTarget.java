package dev.presage.router.slo;

/**
 * One bound on a latency. With a percentile it is judged a minute at a time: that share of the minute's requests must be
 * within. Without one each request is judged for itself.
 *
 * @param ms the bound in milliseconds, infinite for none
 * @param percentile 0 for none, else the share in percent
 */
public record LatencyTarget(double ms, double percentile) {
    public static final double MIN_MS = 0.1;
    public static final double MAX_MS = 600_000;
    public static final double MIN_PERCENTILE = 50;
    public static final double MAX_PERCENTILE = 99.9;

    /** Nothing is asked for. */
    public static final LatencyTarget NONE = new LatencyTarget(Double.POSITIVE_INFINITY, 0);

    public LatencyTarget {
        if (!(ms >= MIN_MS && ms <= MAX_MS || ms == Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("ms " + ms + " outside " + MIN_MS + ".." + MAX_MS);
        }
        if (!(percentile == 0 || percentile >= MIN_PERCENTILE && percentile <= MAX_PERCENTILE)) {
            throw new IllegalArgumentException(
                    "percentile " + percentile + " outside " + MIN_PERCENTILE + ".." + MAX_PERCENTILE);
        }
    }

    public boolean isSet() {
        return ms != Double.POSITIVE_INFINITY;
    }

    /** Whether a minute with so many requests, so many of them over the bound, broke it. */
    boolean broken(long seen, long over) {
        return percentile > 0 && over > seen * (1 - percentile / 100) + 1e-9;
    }
}
