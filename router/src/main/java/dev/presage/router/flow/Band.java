package dev.presage.router.flow;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All flows of one priority. Owned by {@link FlowQueues}. */
final class Band<T> {
    /** Flows are named by clients; those that are idle are forgotten beyond this many. */
    static final int MAX_IDLE_FLOWS = 10_000;

    final int priority;
    final BandSettings settings;
    final BandClock clock = new BandClock();
    private final Map<String, FlowQueue<T>> flows = new HashMap<>();
    private final Set<FlowQueue<T>> busy = new HashSet<>();
    long requests;
    long bytes;
    double work;
    long idleSinceNanos;

    Band(int priority, BandSettings settings, long nowNanos) {
        this.priority = priority;
        this.settings = settings;
        this.idleSinceNanos = nowNanos;
    }

    FlowQueue<T> flow(String id, long nowNanos) {
        return flows.computeIfAbsent(id, name -> new FlowQueue<>(name, this, nowNanos));
    }

    boolean knows(String id) {
        return flows.containsKey(id);
    }

    void add(Entry<T> entry) {
        join(entry);
        requests++;
        bytes += entry.claim.bytes();
        work += entry.claim.work();
    }

    /** The request stays in the band, but its flow's next one has its turn. */
    void setAside(Entry<T> entry, long nowNanos) {
        entry.queue.remove(entry, nowNanos);
        if (entry.queue.isEmpty()) {
            busy.remove(entry.queue);
        }
        entry.aside = true;
    }

    /** Back to its place in its flow. */
    void bringBack(Entry<T> entry) {
        entry.aside = false;
        join(entry);
    }

    private void join(Entry<T> entry) {
        FlowQueue<T> queue = entry.queue;
        boolean idle = queue.isEmpty();
        queue.add(entry);
        if (idle) {
            busy.add(queue);
            settings.fairness().joined(queue, clock);
        }
    }

    void remove(Entry<T> entry, long nowNanos) {
        if (!entry.aside) {
            setAside(entry, nowNanos);
        }
        requests--;
        bytes -= entry.claim.bytes();
        work = requests == 0 ? 0 : work - entry.claim.work();
        idleSinceNanos = nowNanos;
    }

    /** The flow whose turn it is, of those that were not passed over; null when all were. */
    @Nullable
    FlowQueue<T> turn(Set<FlowQueue<T>> passedOver, double nowMs) {
        FlowQueue<T> first = null;
        double lowest = 0;
        for (FlowQueue<T> flow : busy) {
            if (!passedOver.contains(flow)) {
                flow.head(settings.ordering(), nowMs);
                double rank = settings.fairness().rank(flow, clock, nowMs);
                if (first == null || rank < lowest || rank == lowest && flow.headSequence() < first.headSequence()) {
                    first = flow;
                    lowest = rank;
                }
            }
        }
        return first;
    }

    /** Forgets flows that have had nothing to send for that long. */
    void forget(long nowNanos, long idleNanos) {
        flows.values()
                .removeIf(flow -> flow.isEmpty()
                        && (nowNanos - flow.idleSinceNanos >= idleNanos
                                || flows.size() - busy.size() > MAX_IDLE_FLOWS));
    }

    boolean isEmpty() {
        return requests == 0;
    }

    int flows() {
        return flows.size();
    }
}
