package dev.presage.router.flow;

import org.jspecify.annotations.Nullable;

/** One request in a queue. Owned by {@link FlowQueues}. */
final class Entry<T> {
    final T what;
    final Claim claim;
    final long sequence;
    final long enqueuedNanos;
    final FlowQueue<T> queue;
    /** What it is ordered by within its flow. */
    double due;
    /** Whether it lost its place to those that can still be in time. */
    boolean late;

    long expiresNanos;
    /** The hold that it is in or was in; nobody is held twice. */
    @Nullable
    Hold hold;

    boolean aside;
    /** When the first one passed it; 0 for nobody. */
    long passedNanos;

    Entry(T what, Claim claim, long sequence, long enqueuedNanos, FlowQueue<T> queue) {
        this.what = what;
        this.claim = claim;
        this.sequence = sequence;
        this.enqueuedNanos = enqueuedNanos;
        this.queue = queue;
    }
}
