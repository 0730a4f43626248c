package dev.presage.router.flow;

/**
 * What a request is queued, ordered and charged by. Immutable.
 *
 * @param flow the tenant or program that it belongs to; requests of one flow and priority wait in one queue
 * @param priority higher goes first; negative may be shed and evicted
 * @param bytes memory that it holds while it waits
 * @param receivedNanos the nano clock when its headers came
 * @param ttlNanos how long it may wait, 0 for the default
 * @param sloTtftMs the TTFT that its client asks for, or the time in which its program's step is due if that is less; 0 for none
 * @param work predicted work: uncached prompt tokens and expected output tokens
 * @param firstTokenMs predicted TTFT on the best endpoint were it sent at once, 0 when unknown
 */
public record Claim(
        String flow,
        int priority,
        long bytes,
        long receivedNanos,
        long ttlNanos,
        double sloTtftMs,
        double work,
        double firstTokenMs) {
    public Claim {
        if (bytes < 0 || ttlNanos < 0) {
            throw new IllegalArgumentException(
                    "bytes " + bytes + " and ttlNanos " + ttlNanos + " must not be negative");
        }
        if (!(sloTtftMs >= 0 && work >= 0 && firstTokenMs >= 0 && work < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("sloTtftMs " + sloTtftMs + ", work " + work + " and firstTokenMs "
                    + firstTokenMs + " must be at least 0 and finite");
        }
    }
}
