package dev.presage.router.flow;

/** How much may wait at once. */
public record Limits(long maxRequests, long maxBytes) {
    /** The contract's bounds on one priority band: 5,000 requests, 1 GB. */
    public static final Limits BAND = new Limits(5_000, 1_000_000_000);

    /** The contract's bounds on all bands together. */
    public static final Limits NONE = new Limits(Long.MAX_VALUE, Long.MAX_VALUE);

    public Limits {
        if (maxRequests < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "maxRequests " + maxRequests + " and maxBytes " + maxBytes + " must be at least 1");
        }
    }

    /** Whether one more request of {@code more} bytes fits beside what waits. */
    boolean admit(long requests, long bytes, long more) {
        return requests < maxRequests && bytes <= maxBytes - Math.min(maxBytes, more) && more <= maxBytes;
    }
}
