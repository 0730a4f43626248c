package dev.presage.router.program;

import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.router.request.HeaderMs;
import dev.presage.router.request.InferenceRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the sessions and programs that the router has served: where each went last, how many tokens of context it has there,
 * and how long it takes between its steps. A program is expected back for {@link #PATIENCE} times its usual gap, and as long its
 * context counts as needed where it is, with what it is expected to grow by; a session's does not. Told of decisions and ends on their threads, asked on others; thread-safe. Bounded by
 * {@link #MAX}, the least recently used are forgotten.
 */
public final class ProgramBook implements RoutingListener {
    static final int MAX = 50_000;
    /** Gaps of tools have long tails: with exponential ones two in a hundred are longer. */
    static final double PATIENCE = 4;

    private static final double MIN_KEPT_MS = 5_000;
    private static final double MAX_KEPT_MS = 120_000;
    private static final double LEARNING_RATE = 0.3;
    private static final double GROWTH_RATE = 0.05;

    private static final class Entry {
        final String id;
        final boolean program;
        String endpoint = "";
        long startedNanos;
        long firstTokens;
        long tokens;
        /** What is counted for it: its context as it is, or as it will be. */
        long needed;

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
    private final StepPace pace = new StepPace();
    private double usualGrowth;

    public ProgramBook(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Where the request's session or program went last; empty when it has none or is new. */
    public Optional<String> home(InferenceRequest request) {
        String id = ProgramIds.of(request);
        return id.isEmpty() ? Optional.empty() : home(id);
    }

    private synchronized Optional<String> home(String id) {
        Entry entry = entries.get(id);
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

    /** What is counted for the request's own program; 0 when none is under way. */
    public synchronized long ownTokens(InferenceRequest request) {
        forget();
        Entry entry = entries.get(ProgramIds.of(request));
        return entry == null || !entry.counted ? 0 : entry.needed;
    }

    /**
     * Milliseconds in which the step is to be answered so that its program can be done by the deadline that it names, what its later steps
     * usually need left out; at least 1, 0 where it names none.
     */
    public double dueMs(InferenceRequest request) {
        OptionalLong deadline = HeaderMs.of(request, ProgramIds.DEADLINE);
        return deadline.isEmpty() ? 0 : Math.max(1, dueMs(request, deadline.getAsLong()));
    }

    private synchronized double dueMs(InferenceRequest request, double deadlineMs) {
        forget();
        Entry entry = entries.get(ProgramIds.of(request));
        double left = entry == null ? deadlineMs : deadlineMs - (nanoClock.getAsLong() - entry.startedNanos) * 1e-6;
        boolean last = ProgramIds.nextStepMs(request).orElse(-1) == 0;
        if (last || !ProgramIds.ofProgram(request)) {
            return left;
        }
        return entry == null
                ? pace.dueMs(left, 0, pace.usualGapMs())
                : pace.dueMs(left, entry.steps, gapMs(entry, request));
    }

    /** A step came and may wait for so long, 0 for the usual time: its program's context is needed until then. */
    public void came(InferenceRequest request, double waitMs) {
        String id = ProgramIds.of(request);
        if (!id.isEmpty()) {
            came(id, waitMs > 0 ? waitMs : MAX_KEPT_MS);
        }
    }

    private synchronized void came(String id, double waitMs) {
        forget();
        Entry entry = entries.get(id);
        if (entry != null && entry.counted && entry.running == 0) {
            uncount(entry);
            entry.keptUntilNanos = Math.max(entry.keptUntilNanos, nanoClock.getAsLong() + (long) (waitMs * 1e6));
            count(entry);
        }
    }

    /** Tokens that a new program's context usually grows by until its end. */
    public synchronized long usualGrowthTokens() {
        forget();
        return (long) usualGrowth;
    }

    /** Programs that are under way. */
    public synchronized int programs() {
        forget();
        return kept.size();
    }

    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        String id = ProgramIds.of(decision.candidates().request());
        // Most requests belong to none and need no lock.
        if (!id.isEmpty()) {
            routed(id, decision);
        }
    }

    private synchronized void routed(String id, Decision.Routed decision) {
        InferenceRequest request = decision.candidates().request();
        Entry entry = entries.computeIfAbsent(id, name -> new Entry(name, ProgramIds.ofProgram(request)));
        uncount(entry);
        if (entry.running == 0 && entry.steps > 0) {
            double gap = Math.clamp((nanoClock.getAsLong() - entry.endedNanos) * 1e-6, 0, MAX_KEPT_MS);
            entry.gapMs = entry.gapMs == 0 ? gap : entry.gapMs + LEARNING_RATE * (gap - entry.gapMs);
            pace.gap(gap);
        }
        if (entry.firstTokens == 0) {
            entry.firstTokens = request.promptTokens();
            entry.startedNanos = nanoClock.getAsLong();
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
    public void ended(Outcome outcome) {
        String id = ProgramIds.of(outcome.decision().candidates().request());
        if (!id.isEmpty()) {
            ended(id, outcome);
        }
    }

    private synchronized void ended(String id, Outcome outcome) {
        InferenceRequest request = outcome.decision().candidates().request();
        Entry entry = entries.get(id);
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
        entry.keptUntilNanos =
                entry.running > 0 ? Long.MAX_VALUE : entry.endedNanos + (long) (keptMs(entry, request) * 1e6);
        if (entry.program) {
            pace.answered(outcome.e2eMs());
        }
        if (entry.program && grownBy(entry) > usualGrowth) {
            usualGrowth += GROWTH_RATE * (grownBy(entry) - usualGrowth);
        }
        count(entry);
    }

    /** For how long the next step is expected: as its program says, else as its gaps have been. */
    private double keptMs(Entry entry, InferenceRequest request) {
        OptionalLong said = ProgramIds.nextStepMs(request);
        if (said.isPresent() && said.getAsLong() == 0) {
            return 0;
        }
        return Math.clamp(PATIENCE * gapMs(entry, request), MIN_KEPT_MS, MAX_KEPT_MS);
    }

    private double gapMs(Entry entry, InferenceRequest request) {
        OptionalLong said = ProgramIds.nextStepMs(request);
        return said.isPresent() ? said.getAsLong() : Math.max(entry.gapMs, pace.usualGapMs());
    }

    private static long grownBy(Entry entry) {
        return entry.tokens - entry.firstTokens;
    }

    private void count(Entry entry) {
        if (entry.program) {
            entry.counted = true;
            entry.needed = Math.max(entry.tokens, entry.firstTokens + (long) usualGrowth);
            kept.add(entry);
            kvTokens.merge(entry.endpoint, entry.needed, Long::sum);
        }
    }

    private void uncount(Entry entry) {
        if (entry.counted) {
            kept.remove(entry);
            entry.counted = false;
            kvTokens.computeIfPresent(entry.endpoint, (id, all) -> left(all - entry.needed));
        }
    }

    private static @Nullable Long left(long tokens) {
        return tokens == 0 ? null : tokens;
    }

    /** Programs that did not come back in time need nothing any more. */
    private void forget() {
        long now = nanoClock.getAsLong();
        while (!kept.isEmpty() && kept.first().keptUntilNanos <= now) {
            Entry over = kept.first();
            uncount(over);
            usualGrowth += GROWTH_RATE * (grownBy(over) - usualGrowth);
            pace.over(over.steps);
        }
    }
}
