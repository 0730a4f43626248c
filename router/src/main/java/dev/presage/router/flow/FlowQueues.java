package dev.presage.router.flow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait to be sent, by priority, flow and order. Pure: one thread calls it and says what time it is; the times never
 * go back. Everything that is offered and not refused leaves exactly once: by {@link #next}, {@link #expire}, {@link #cancel} or
 * {@link #close}. Bounded by {@link FlowSettings}.
 *
 * <p>A request that has no room does not stop those after it, but keeps what it waits for: they may go to other endpoints only.
 * So where all may go everywhere nobody is overtaken, and where they may not nobody waits for endpoints that are not theirs. Who is held
 * for a warm endpoint keeps nothing from anybody: what comes after it goes on, and may be sent there too once there is room.
 *
 * @param <T> what waits; equal only to itself
 */
public final class FlowQueues<T> {
    private static final long FLOW_IDLE_NANOS = 300_000_000_000L;
    private static final long BAND_IDLE_NANOS = 600_000_000_000L;
    private static final double RATE_WINDOW_NANOS = 20e9;
    private static final int MAX_RETRY_SECONDS = 600;

    /** A request that may go, and where to; {@code hold} is what it was held for before, null for nothing. */
    public record Next<T>(
            T what,
            Claim claim,
            Sight sight,
            long waitedNanos,
            @Nullable Hold hold) {}

    /** A request that waited too long. */
    public record Expired<T>(T what, Claim claim, FlowOutcome outcome, long waitedNanos) {}

    /** Who goes first as soon as any of these endpoints has room. */
    public record Blocked(int priority, Set<String> endpoints) {}

    /** What one band holds. */
    public record BandView(int priority, Limits limits, long requests, long bytes) {}

    private final FlowSettings settings;
    private final NavigableMap<Integer, Band<T>> bands = new TreeMap<>(Comparator.reverseOrder());
    private final TreeSet<Integer> priorities = new TreeSet<>();
    private final Map<T, Entry<T>> waiting = new HashMap<>();
    private final TreeSet<Entry<T>> expiring = new TreeSet<>(
            Comparator.<Entry<T>>comparingLong(entry -> entry.expiresNanos).thenComparingLong(entry -> entry.sequence));
    private final Holds<T> holds = new Holds<>();
    private long bytes;
    private long sequence;
    private boolean closed;
    private boolean noEndpoints;
    private long regimeNanos;
    private double sentWork;
    private long sentNanos;
    private @Nullable Blocked blocked;

    public FlowQueues(FlowSettings settings, long nowNanos) {
        this.settings = settings;
        this.regimeNanos = nowNanos;
        settings.bands().forEach((priority, band) -> open(priority, nowNanos));
    }

    private Band<T> open(int priority, long nowNanos) {
        priorities.add(priority);
        return bands.computeIfAbsent(priority, level -> new Band<>(level, settings.band(level), nowNanos));
    }

    /** Queues a request; what is returned is why not. */
    public Optional<FlowOutcome> offer(T what, Claim claim, long nowNanos) {
        if (closed) {
            return Optional.of(FlowOutcome.REJECTED_SHUTDOWN);
        }
        if (noEndpoints && settings.noEndpointTtl().isZero()) {
            return Optional.of(FlowOutcome.REJECTED_NO_ENDPOINTS);
        }
        Band<T> band = open(claim.priority(), nowNanos);
        if (!band.settings.limits().admit(band.requests, band.bytes, claim.bytes())
                || !settings.global().admit(waiting.size(), bytes, claim.bytes())) {
            return Optional.of(FlowOutcome.REJECTED_CAPACITY);
        }
        Entry<T> entry = new Entry<>(what, claim, sequence++, nowNanos, band.flow(claim.flow(), nowNanos));
        entry.due = band.settings.ordering().due(claim, nowNanos * 1e-6, ttlNanos(claim) * 1e-6);
        entry.expiresNanos = expiry(entry);
        if (waiting.putIfAbsent(what, entry) != null) {
            throw new IllegalArgumentException(what + " waits already");
        }
        expiring.add(entry);
        band.add(entry);
        bytes += claim.bytes();
        return Optional.empty();
    }

    private long ttlNanos(Claim claim) {
        return claim.ttlNanos() > 0 ? claim.ttlNanos() : settings.requestTtl().toNanos();
    }

    /** Whether the pool has endpoints decides how long requests wait; a change gives each its time anew. */
    private long expiry(Entry<T> entry) {
        long ttl = noEndpoints ? settings.noEndpointTtl().toNanos() : ttlNanos(entry.claim);
        return Math.max(entry.enqueuedNanos, regimeNanos) + ttl;
    }

    /** Whether the pool has any endpoint. */
    public void endpoints(boolean any, long nowNanos) {
        if (any != noEndpoints) {
            return;
        }
        noEndpoints = !any;
        regimeNanos = nowNanos;
        List<Entry<T>> all = new ArrayList<>(expiring);
        expiring.clear();
        for (Entry<T> entry : all) {
            entry.expiresNanos = expiry(entry);
            expiring.add(entry);
        }
    }

    /** Takes out who goes next, if anybody can go. */
    public Optional<Next<T>> next(Space<T> space, long nowNanos) {
        blocked = null;
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        for (Entry<T> entry : holds.over(nowNanos)) {
            entry.queue.band().bringBack(entry);
        }
        Search<T> search = new Search<>(holds, space, nowNanos);
        for (Band<T> band : bands.values()) {
            if (!search.in(band, settings.ceilings().of(band.priority, priorities))) {
                break;
            }
        }
        blocked = search.blocked();
        Search.Found<T> found = search.found();
        return found == null ? Optional.empty() : Optional.of(sent(found.entry(), found.sight(), nowNanos));
    }

    /** The first that the last call of {@link #next} found no room for. */
    public Optional<Blocked> blocked() {
        return Optional.ofNullable(blocked);
    }

    private Next<T> sent(Entry<T> entry, Sight sight, long nowNanos) {
        Band<T> band = entry.queue.band();
        band.settings.fairness().sent(entry.queue, entry.claim.work(), band.clock, nowNanos * 1e-6);
        take(entry, nowNanos);
        sentWork = rate(nowNanos) + entry.claim.work() / (RATE_WINDOW_NANOS * 1e-9);
        sentNanos = nowNanos;
        return new Next<>(entry.what, entry.claim, sight, nowNanos - entry.enqueuedNanos, entry.hold);
    }

    private void take(Entry<T> entry, long nowNanos) {
        waiting.remove(entry.what);
        expiring.remove(entry);
        if (entry.aside) {
            holds.remove(entry);
        }
        entry.queue.band().remove(entry, nowNanos);
        bytes -= entry.claim.bytes();
    }

    private double rate(long nowNanos) {
        return sentWork * Math.exp(-Math.max(0, nowNanos - sentNanos) / RATE_WINDOW_NANOS);
    }

    /** Takes out those that have waited for as long as they may. */
    public List<Expired<T>> expire(long nowNanos) {
        List<Expired<T>> expired = new ArrayList<>();
        while (!expiring.isEmpty() && expiring.first().expiresNanos <= nowNanos) {
            Entry<T> entry = expiring.first();
            take(entry, nowNanos);
            FlowOutcome outcome = noEndpoints ? FlowOutcome.EVICTED_NO_ENDPOINTS : FlowOutcome.EVICTED_TTL;
            expired.add(new Expired<>(entry.what, entry.claim, outcome, nowNanos - entry.enqueuedNanos));
        }
        return expired;
    }

    /** When the next one expires or has been held for long enough; far away when nothing waits. */
    public long nextDueNanos() {
        return expiring.isEmpty() ? Long.MAX_VALUE : Math.min(expiring.first().expiresNanos, holds.nextEndNanos());
    }

    /** Takes out a request whose client is gone; false when it has left already. */
    public boolean cancel(T what, long nowNanos) {
        Entry<T> entry = waiting.get(what);
        if (entry == null) {
            return false;
        }
        take(entry, nowNanos);
        return true;
    }

    /** Takes out all, in no particular order, and takes no more. */
    public Collection<T> close(long nowNanos) {
        closed = true;
        List<T> left = List.copyOf(waiting.keySet());
        left.forEach(what -> cancel(what, nowNanos));
        return left;
    }

    /** A request that was sent ended, and took so much work; its flow is charged with that instead of what was predicted. */
    public void settled(Claim claim, double work) {
        Band<T> band = bands.get(claim.priority());
        if (band != null && band.knows(claim.flow())) {
            band.settings.fairness().corrected(band.flow(claim.flow(), sentNanos), work - claim.work());
        }
    }

    /** Forgets flows and bands that have had nothing to send for minutes. Called every now and then. */
    public void forget(long nowNanos) {
        bands.values().forEach(band -> band.forget(nowNanos, FLOW_IDLE_NANOS));
        bands.values()
                .removeIf(band -> band.isEmpty()
                        && band.flows() == 0
                        && !settings.bands().containsKey(band.priority)
                        && nowNanos - band.idleSinceNanos >= BAND_IDLE_NANOS
                        && priorities.remove(band.priority));
    }

    /** Seconds after which what waits at this priority and above will have been sent, at the pace of late: 1 to 600. */
    public int retryAfterSeconds(int priority, long nowNanos) {
        double ahead = 0;
        for (Band<T> band : bands.values()) {
            ahead += band.priority >= priority ? band.work : 0;
        }
        double rate = rate(nowNanos);
        return rate <= 0 ? 1 : Math.clamp((long) Math.ceil(ahead / rate), 1, MAX_RETRY_SECONDS);
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** How many of those that wait are held for a warm endpoint. */
    public int held() {
        return holds.size();
    }

    /** How many wait. */
    public int size() {
        return waiting.size();
    }

    /** Bytes that wait. */
    public long bytes() {
        return bytes;
    }

    /** Every band, highest first. */
    public List<BandView> view() {
        return bands.values().stream()
                .map(band -> new BandView(band.priority, band.settings.limits(), band.requests, band.bytes))
                .toList();
    }
}
