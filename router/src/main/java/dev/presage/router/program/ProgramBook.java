package dev.presage.router.program;

import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.router.request.InferenceRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the sessions and programs that the router has served: where each went last, how many tokens of context it has there,
 * and how long it takes between its steps. A program is expected back for {@link #PATIENCE} times its usual gap, and as long its
 * context counts as needed where it is; a session's does not. Told of decisions and ends on their threads, asked on others; thread-safe. Bounded by
 * {@link #MAX}, the least recently used are forgotten.
 */
public final class ProgramBook implements RoutingListener {
    static final int MAX = 50_000;
    /** Gaps of tools have long tails: with exponential ones two in a hundred are longer. */
    static final double PATIENCE = 4;

    private static final double FIRST_GAP_MS = 10_000;
    private static final double MIN_KEPT_MS = 5_000;
    private static final double MAX_KEPT_MS = 120_000;
    private static final double LEARNING_RATE = 0.3;

    private static final class Entry {
        final String id;
        final boolean program;
        String endpoint = "";
        long tokens;
        int running;
        int steps;
        long endedNanos;
        double gapMs;
        /** Until when its context counts; far away while a step is under way. */
        long keptUntilNanos = Long.MIN_VALUE;

        boolean counted;

        Entry(String id, boolean program) {
            this.id = id;
            this.program = program;
        }
    }

    private final LongSupplier nanoClock;
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Long> kvTokens = new HashMap<>();
    private final TreeSet<Entry> kept = new TreeSet<>((a, b) -> a.keptUntilNanos != b.keptUntilNanos
            ? Long.compare(a.keptUntilNanos, b.keptUntilNanos)
            : a.id.compareTo(b.id));
    private double usualGapMs = FIRST_GAP_MS;

    public ProgramBook(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Where the request's session or program went last; empty when it has none or is new. */
    public synchronized Optional<String> home(InferenceRequest request) {
        String id = ProgramIds.of(request);
        Entry entry = id.isEmpty() ? null : entries.get(id);
        return entry == null || entry.endpoint.isEmpty() ? Optional.empty() : Optional.of(entry.endpoint);
    }

    /** Whether a program's context counts as needed somewhere: a step is under way or expected. */
    public synchronized boolean expected(InferenceRequest request) {
        forget();
        Entry entry = entries.get(ProgramIds.of(request));
        return entry != null && entry.counted;
    }

    /** Context tokens that programs have on an endpoint and are expected to need again. */
    public synchronized long neededTokens(String endpointId) {
        forget();
        return kvTokens.getOrDefault(endpointId, 0L);
    }

    /** Programs that are under way. */
    public synchronized int programs() {
        forget();
        return kept.size();
    }

    @Override
    public synchronized void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        InferenceRequest request = decision.candidates().request();
        String id = ProgramIds.of(request);
        if (id.isEmpty()) {
            return;
        }
        Entry entry = entries.computeIfAbsent(id, name -> new Entry(name, ProgramIds.ofProgram(request)));
        uncount(entry);
        if (entry.running == 0 && entry.steps > 0) {
            double gap = Math.max(0, nanoClock.getAsLong() - entry.endedNanos) * 1e-6;
            entry.gapMs = entry.gapMs == 0 ? gap : entry.gapMs + LEARNING_RATE * (gap - entry.gapMs);
            usualGapMs += LEARNING_RATE / 10 * (gap - usualGapMs);
        }
        entry.running++;
        entry.endpoint = decision.endpoint().id();
        entry.tokens = Math.max(entry.tokens, request.promptTokens());
        entry.keptUntilNanos = Long.MAX_VALUE;
        count(entry);
        if (entries.size() > MAX) {
            Entry eldest = entries.values().iterator().next();
            uncount(eldest);
            entries.remove(eldest.id);
        }
    }

    @Override
    public synchronized void ended(Outcome outcome) {
        InferenceRequest request = outcome.decision().candidates().request();
        Entry entry = entries.get(ProgramIds.of(request));
        if (entry == null || entry.running == 0) {
            return;
        }
        uncount(entry);
        entry.running--;
        entry.steps++;
        entry.endedNanos = nanoClock.getAsLong();
        entry.tokens = Math.max(
                entry.tokens,
                request.promptTokens() + Math.max(0, outcome.usage().outputTokens()));
        double gap = Math.max(entry.gapMs, usualGapMs);
        entry.keptUntilNanos = entry.running > 0
                ? Long.MAX_VALUE
                : entry.endedNanos + (long) (Math.clamp(PATIENCE * gap, MIN_KEPT_MS, MAX_KEPT_MS) * 1e6);
        count(entry);
    }

    private void count(Entry entry) {
        if (entry.program) {
            entry.counted = true;
            kept.add(entry);
            kvTokens.merge(entry.endpoint, entry.tokens, Long::sum);
        }
    }

    private void uncount(Entry entry) {
        if (entry.counted) {
            kept.remove(entry);
            entry.counted = false;
            kvTokens.computeIfPresent(entry.endpoint, (id, all) -> left(all - entry.tokens));
        }
    }

    private static @Nullable Long left(long tokens) {
        return tokens == 0 ? null : tokens;
    }

    /** Programs that did not come back in time need nothing any more. */
    private void forget() {
        long now = nanoClock.getAsLong();
        while (!kept.isEmpty() && kept.first().keptUntilNanos <= now) {
            uncount(kept.first());
        }
    }
}
