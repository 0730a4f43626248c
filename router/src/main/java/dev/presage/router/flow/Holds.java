package dev.presage.router.flow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Requests that are held back, each for one endpoint, in the order in which that serves them. Owned by {@link FlowQueues}. At most
 * {@link #MAX}; who comes when that many are held is not.
 */
final class Holds<T> {
    static final int MAX = 256;

    /** What gains less is not worth a wait: predictions err by more. */
    private static final double LEAST_GAIN_MS = 50;

    private final Map<String, TreeSet<Entry<T>>> byEndpoint = new HashMap<>();
    private final TreeSet<Entry<T>> byEnd = new TreeSet<>(
            Comparator.<Entry<T>>comparingLong(entry -> hold(entry).untilNanos())
                    .thenComparingLong(entry -> entry.sequence));

    private static Hold hold(Entry<?> entry) {
        return Objects.requireNonNull(entry.hold, "held");
    }

    /** Holds the request if that gains something though those that are held before it go first. */
    boolean hold(Entry<T> entry, Sight.Warm warm, long nowNanos) {
        double gain = warm.gainMs() - aheadMs(warm.endpoint(), entry.claim.priority());
        if (entry.hold != null || gain < LEAST_GAIN_MS || byEnd.size() >= MAX) {
            return false;
        }
        long most = (long) ((warm.once() ? Math.min(gain, warm.mostMs()) : warm.mostMs()) * 1e6);
        add(entry, new Hold(warm.endpoint(), gain, warm.ownMs(), nowNanos, nowNanos + most));
        return true;
    }

    private void add(Entry<T> entry, Hold hold) {
        entry.hold = hold;
        byEnd.add(entry);
        byEndpoint
                .computeIfAbsent(hold.endpoint(), id -> new TreeSet<>(byTurn()))
                .add(entry);
    }

    /** One that is held sees this now: if it waits for something else than before, it is in nobody's way there any more. */
    void turn(Entry<T> entry, Sight.Warm warm) {
        Hold before = hold(entry);
        if (!before.endpoint().equals(warm.endpoint())) {
            remove(entry);
            add(entry, new Hold(warm.endpoint(), warm.gainMs(), warm.ownMs(), before.fromNanos(), before.untilNanos()));
        }
    }

    private static <T> Comparator<Entry<T>> byTurn() {
        return Comparator.<Entry<T>>comparingInt(one -> -one.claim.priority()).thenComparingLong(one -> one.sequence);
    }

    private double aheadMs(String endpoint, int priority) {
        double ahead = 0;
        TreeSet<Entry<T>> group = byEndpoint.get(endpoint);
        if (group != null) {
            for (Entry<T> entry : group) {
                ahead += entry.claim.priority() >= priority ? hold(entry).ownMs() : 0;
            }
        }
        return ahead;
    }

    /** Of each endpoint the one that it serves next, if that is of this priority. */
    List<Entry<T>> heads(int priority) {
        List<Entry<T>> heads = new ArrayList<>();
        for (TreeSet<Entry<T>> group : byEndpoint.values()) {
            if (group.first().claim.priority() == priority) {
                heads.add(group.first());
            }
        }
        heads.sort(Comparator.comparingLong(entry -> entry.sequence));
        return heads;
    }

    /** Takes out those that have been held for as long as they may. */
    List<Entry<T>> over(long nowNanos) {
        List<Entry<T>> over = new ArrayList<>();
        while (!byEnd.isEmpty() && hold(byEnd.first()).untilNanos() <= nowNanos) {
            Entry<T> entry = byEnd.first();
            remove(entry);
            over.add(entry);
        }
        return over;
    }

    void remove(Entry<T> entry) {
        String endpoint = hold(entry).endpoint();
        TreeSet<Entry<T>> group = byEndpoint.get(endpoint);
        if (!byEnd.remove(entry) || group == null || !group.remove(entry)) {
            throw new IllegalStateException("not held for " + endpoint);
        }
        if (group.isEmpty()) {
            byEndpoint.remove(endpoint);
        }
    }

    /** When the next one has been held for as long as it may; far away when nobody is. */
    long nextEndNanos() {
        return byEnd.isEmpty() ? Long.MAX_VALUE : hold(byEnd.first()).untilNanos();
    }

    int size() {
        return byEnd.size();
    }
}
