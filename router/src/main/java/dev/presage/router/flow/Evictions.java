package dev.presage.router.flow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which requests that are being served make room for one that waits: those of negative priority, the lowest first, of these the one
 * sent last, as it has least to lose. Pure and used by one thread; bounded by the requests in flight.
 *
 * @param <T> what can be taken back
 */
final class Evictions<T> {
    /** The contract's bound on one decision; no more are under way at a time. */
    static final int AT_ONCE = 2;

    /** What was freed must show in the signals before more is. */
    static final long AGAIN_NANOS = 200_000_000;

    /** One that may be taken back. */
    record Served<T>(String id, T what, int priority, String endpointId, long sequence) {}

    private final TreeSet<Served<T>> sheddable = new TreeSet<>(Comparator.<Served<T>>comparingInt(Served::priority)
            .thenComparing(Comparator.<Served<T>>comparingLong(Served::sequence).reversed()));
    private final Map<String, Served<T>> byId = new HashMap<>();
    private final Map<String, Long> issued = new HashMap<>();
    private long sequence;
    private long decidedNanos = Long.MIN_VALUE;

    /** A request was sent. */
    void sent(String id, T what, int priority, String endpointId) {
        if (priority < 0) {
            Served<T> served = new Served<>(id, what, priority, endpointId, sequence++);
            sheddable.add(served);
            byId.put(id, served);
        }
    }

    /** It ended; if it was to make room, so long after it was told to. */
    OptionalLong ended(String id, long nowNanos) {
        Served<T> served = byId.remove(id);
        if (served != null) {
            sheddable.remove(served);
        }
        Long told = issued.remove(id);
        return told == null ? OptionalLong.empty() : OptionalLong.of(nowNanos - told);
    }

    /** Who is to go for a request of that priority, which waits for any of these endpoints. */
    List<Served<T>> chosen(int priority, Set<String> endpoints, long nowNanos) {
        List<Served<T>> chosen = new ArrayList<>();
        boolean tooSoon = decidedNanos != Long.MIN_VALUE && nowNanos - decidedNanos < AGAIN_NANOS;
        if (tooSoon || priority < 0) {
            return chosen;
        }
        for (Served<T> served : sheddable) {
            if (issued.size() == AT_ONCE) {
                break;
            }
            if (!issued.containsKey(served.id()) && endpoints.contains(served.endpointId())) {
                issued.put(served.id(), nowNanos);
                chosen.add(served);
                decidedNanos = nowNanos;
            }
        }
        return chosen;
    }

    /** Told to go and not gone yet. */
    int pending() {
        return issued.size();
    }
}
