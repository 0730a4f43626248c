package dev.presage.router.flow;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** The waiting requests of one flow in one band, in their order. Owned by {@link FlowQueues}. */
final class FlowQueue<T> {
    private static final Comparator<Entry<?>> ORDER = Comparator.<Entry<?>, Boolean>comparing(entry -> entry.late)
            .thenComparingDouble(entry -> entry.due)
            .thenComparingLong(entry -> entry.sequence);

    private final String id;
    private final Band<T> band;
    private final TreeSet<Entry<T>> waiting = new TreeSet<>(ORDER);
    /** What the fairness policy remembers of the flow. */
    double score;

    double scoredMs;
    long idleSinceNanos;

    FlowQueue(String id, Band<T> band, long nowNanos) {
        this.id = id;
        this.band = band;
        this.idleSinceNanos = nowNanos;
    }

    String id() {
        return id;
    }

    Band<T> band() {
        return band;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    void add(Entry<T> entry) {
        waiting.add(entry);
    }

    void remove(Entry<T> entry, long nowNanos) {
        if (!waiting.remove(entry)) {
            throw new IllegalStateException("not in the queue of " + id);
        }
        idleSinceNanos = nowNanos;
    }

    /** Who goes first now; not to be called when empty. */
    Entry<T> head(Ordering ordering, double nowMs) {
        Entry<T> head = waiting.first();
        while (!head.late && ordering.forgoes(head.due, nowMs)) {
            waiting.remove(head);
            head.late = true;
            waiting.add(head);
            head = waiting.first();
        }
        return head;
    }

    /** The first ones, in their order, at most so many. */
    List<Entry<T>> front(int most) {
        return waiting.stream().limit(most).toList();
    }

    double headDue() {
        Entry<T> head = waiting.first();
        return head.late ? Double.MAX_VALUE : head.due;
    }

    double headEnqueuedMs() {
        return waiting.first().enqueuedNanos * 1e-6;
    }

    long headSequence() {
        return waiting.first().sequence;
    }
}
