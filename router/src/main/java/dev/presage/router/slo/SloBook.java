package dev.presage.router.slo;

import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.router.predict.Aim;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.LatencyTargets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The SLOs of one pool and their books. Adapters replace SLOs, one source at a time; every request is looked up in an
 * immutable table, and its outcome is entered on the thread that ended it. SLOs that conflict change nothing. Thread-safe.
 */
public final class SloBook implements RoutingListener {
    private static final double NANOS_PER_MS = 1e6;
    private static final long FLOOR_MS = 1_000;

    /** An SLO with its books. */
    private record Kept(LatencySlo slo, SloAccount account) {}

    /** {@code aims} are what picks are to keep, ready made: of an SLO that is only to be logged nothing. {@code byName} in that order. */
    private record State(SloTable<Kept> table, SloTable<Aim> aims, Map<String, Kept> byName, List<Kept> shedding) {
        static final State EMPTY = new State(SloTable.empty(), SloTable.empty(), Map.of(), List.of());
    }

    /** Requests of lower priority are refused for the sake of an SLO. */
    record Floor(int priority, String slo, long atMs) {
        static final Floor NONE = new Floor(Integer.MIN_VALUE, "", Long.MIN_VALUE / 2);
    }

    private final String pool;
    private final InstantSource clock;
    private final Aim usual;
    private final Map<String, List<LatencySlo>> bySource = new TreeMap<>();
    private final Waits waits = new Waits();
    private volatile State state = State.EMPTY;
    private volatile Floor floor = Floor.NONE;

    /**
     * An empty book.
     *
     * @param pool the name that selectors know the pool by
     * @param usual how picks aim at targets, whatever these are
     */
    public SloBook(String pool, InstantSource clock, Aim usual) {
        this.pool = pool;
        this.clock = clock;
        this.usual = usual;
    }

    /**
     * These are the SLOs of a source from now on, unless they conflict with each other or with another source's. One that is
     * as before keeps its books.
     *
     * @return what is wrong, empty when they were taken
     */
    public synchronized List<String> replace(String source, List<LatencySlo> slos) {
        Map<String, LatencySlo> all = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        bySource.forEach((other, theirs) -> {
            if (!other.equals(source)) {
                theirs.forEach(slo -> all.put(slo.name(), slo));
            }
        });
        for (LatencySlo slo : slos) {
            if (all.put(slo.name(), slo) != null) {
                problems.add("SLO " + slo.name() + " is given twice");
            }
        }
        List<SloConflict> conflicts = new ArrayList<>();
        SloTable<LatencySlo> table = SloTable.of(all.values(), pool, conflicts);
        conflicts.forEach(conflict -> problems.add(conflict.message()));
        if (problems.isEmpty()) {
            bySource.put(source, List.copyOf(slos));
            Map<String, Kept> ours = new TreeMap<>();
            all.values().stream().filter(this::concernsPool).forEach(slo -> ours.put(slo.name(), kept(slo)));
            List<Kept> shedding = ours.values().stream()
                    .filter(kept -> kept.slo().onViolation() == OnViolation.SHED_LOWER_PRIORITY)
                    .toList();
            state = new State(
                    table.map(slo -> Objects.requireNonNull(ours.get(slo.name()))),
                    table.map(this::aim),
                    ours,
                    shedding);
        }
        return problems;
    }

    /** What conflicts among SLOs, for a pool; empty when nothing does. */
    public static List<SloConflict> conflicts(List<LatencySlo> slos, String pool) {
        List<SloConflict> conflicts = new ArrayList<>();
        SloTable.of(slos, pool, conflicts);
        return conflicts;
    }

    private boolean concernsPool(LatencySlo slo) {
        String named = slo.selector().pool();
        return named.isEmpty() || named.equals(pool);
    }

    private Kept kept(LatencySlo slo) {
        Kept known = state.byName().get(slo.name());
        return new Kept(
                slo,
                known != null && known.account().slo().sameBooks(slo)
                        ? known.account()
                        : new SloAccount(slo, clock.instant()));
    }

    /** How many SLOs there are for this pool. */
    public int size() {
        return state.byName().size();
    }

    /** The SLO that holds for a request; null for none. */
    public @Nullable LatencySlo find(InferenceRequest request) {
        Kept kept = state.table().find(request);
        return kept == null ? null : kept.slo();
    }

    /**
     * What the pick of a request is to keep: what its headers ask for, and for what they leave open the targets of the SLO that
     * holds, unless that is only to be logged.
     */
    public Aim aim(InferenceRequest request) {
        LatencyTargets targets = LatencyTargets.asked(request.headers());
        Aim promised = null;
        if (targets.ttftMs() == Double.POSITIVE_INFINITY || targets.tpotMs() == Double.POSITIVE_INFINITY) {
            promised = state.aims().find(request);
            targets = promised == null ? targets : targets.orElse(promised.targets());
        }
        LatencyTargets left = targets.after(waits.of(request.id()));
        return promised != null && left == promised.targets() ? promised : usual.at(left);
    }

    private Aim aim(LatencySlo slo) {
        return usual.at(slo.onViolation() == OnViolation.LOG ? LatencyTargets.NONE : slo.targets());
    }

    /** The highest priority below which requests are refused now, found anew every second. */
    Floor floor() {
        State now = state;
        if (now.shedding().isEmpty()) {
            return Floor.NONE;
        }
        long at = clock.millis();
        Floor known = floor;
        if (Math.abs(at - known.atMs()) < FLOOR_MS) {
            return known;
        }
        Floor highest = new Floor(Integer.MIN_VALUE, "", at);
        for (Kept kept : now.shedding()) {
            SloAccount account = kept.account();
            SloStanding.Burn burn = account.burn(kept.slo(), BurnWindow.M5, at);
            if (burn != null && burn.enough() && burn.rate() > 1 && account.lowestPriority() > highest.priority()) {
                highest = new Floor(account.lowestPriority(), kept.slo().name(), at);
            }
        }
        floor = highest;
        return highest;
    }

    /** All SLOs of the pool by name, each as it stands now. */
    public List<SloStanding> standings() {
        long at = clock.millis();
        return state.byName().values().stream()
                .map(kept -> kept.account().standing(kept.slo(), at))
                .toList();
    }

    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        // A request is entered when it ends.
    }

    @Override
    public void ended(Outcome outcome) {
        InferenceRequest request = outcome.decision().candidates().request();
        double waited = waits.take(request.id());
        Kept kept = state.table().find(request);
        if (kept != null) {
            LatencyTargets bounds = bounds(kept.slo(), request).after(waited);
            kept.account().add(Judgement.of(outcome, bounds), request.priority(), clock.millis());
        }
    }

    /** A request was let in after so long: its TTFT is from when it came, not from its dispatch. */
    public void waited(InferenceRequest request, long nanos) {
        if (nanos > 0
                && (find(request) != null
                        || LatencyTargets.asked(request.headers()).any())) {
            waits.put(request.id(), nanos / NANOS_PER_MS);
        }
    }

    /** The client of a request left while that waited: too late, if its TTFT had passed. */
    public void gaveUp(InferenceRequest request, long waitedNanos) {
        Kept kept = state.table().find(request);
        if (kept != null
                && waitedNanos / NANOS_PER_MS > bounds(kept.slo(), request).ttftMs()) {
            kept.account()
                    .add(
                            new Judgement(Judgement.Verdict.OVER, Judgement.Verdict.UNKNOWN),
                            request.priority(),
                            clock.millis());
        }
    }

    /** A request that is turned away misses its targets. */
    @Override
    public void shed(InferenceRequest request) {
        Kept kept = state.table().find(request);
        if (kept != null) {
            kept.account().add(Judgement.missed(kept.slo().targets()), request.priority(), clock.millis());
        }
    }

    /**
     * What a request counts against: of the SLO's bound and the client's own the looser one. A client that asks for more than
     * was promised cannot burn the budget, and one that asks for less gets no more.
     */
    private static LatencyTargets bounds(LatencySlo slo, InferenceRequest request) {
        LatencyTargets asked = LatencyTargets.asked(request.headers());
        return new LatencyTargets(looser(slo.ttft(), asked.ttftMs()), looser(slo.tpot(), asked.tpotMs()));
    }

    private static double looser(LatencyTarget promised, double asked) {
        return promised.isSet() && asked < Double.POSITIVE_INFINITY ? Math.max(promised.ms(), asked) : promised.ms();
    }
}
