package dev.presage.router.request;

/**
 * A place in a body.
 *
 * @param from index of the first byte
 * @param to index after the last byte; equal to {@code from} when there is no such place
 */
public record ByteSpan(long from, long to) {
    /** No place. */
    public static final ByteSpan NONE = new ByteSpan(0, 0);

    public ByteSpan {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("span must have 0 <= from <= to, got " + from + " to " + to);
        }
    }

    public boolean isEmpty() {
        return from == to;
    }
}
