package dev.presage.router.slo;

import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.LatencyTargets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The SLOs of one pool and their books. Adapters replace SLOs, one source at a time; every request is looked up in an
 * immutable table, and its outcome is entered on the thread that ended it. SLOs that conflict change nothing. Thread-safe.
 */
public final class SloBook implements RoutingListener {
    private record State(SloTable table, Map<String, SloAccount> accounts, Map<String, LatencySlo> slos) {
        static final State EMPTY = new State(SloTable.EMPTY, Map.of(), Map.of());
    }

    private final String pool;
    private final InstantSource clock;
    private final Map<String, List<LatencySlo>> bySource = new TreeMap<>();
    private volatile State state = State.EMPTY;

    /** {@code pool} is the name that selectors know it by. */
    public SloBook(String pool, InstantSource clock) {
        this.pool = pool;
        this.clock = clock;
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
        SloTable table = SloTable.of(all.values(), pool, problems);
        if (problems.isEmpty()) {
            bySource.put(source, List.copyOf(slos));
            Map<String, LatencySlo> ours = new TreeMap<>();
            all.values().stream().filter(this::concernsPool).forEach(slo -> ours.put(slo.name(), slo));
            state = new State(table, accounts(ours.values()), ours);
        }
        return problems;
    }

    private boolean concernsPool(LatencySlo slo) {
        String named = slo.selector().pool();
        return named.isEmpty() || named.equals(pool);
    }

    private Map<String, SloAccount> accounts(Collection<LatencySlo> slos) {
        Map<String, SloAccount> known = state.accounts();
        Map<String, SloAccount> next = HashMap.newHashMap(slos.size());
        for (LatencySlo slo : slos) {
            SloAccount account = known.get(slo.name());
            next.put(
                    slo.name(),
                    account != null && account.slo().sameBooks(slo) ? account : new SloAccount(slo, clock.instant()));
        }
        return next;
    }

    /** How many SLOs there are for this pool. */
    public int size() {
        return state.slos().size();
    }

    /** The SLO that holds for a request; null for none. */
    public @Nullable LatencySlo find(InferenceRequest request) {
        return state.table().find(request);
    }

    /** All SLOs of the pool by name, each as it stands now. */
    public List<SloStanding> standings() {
        State now = state;
        long at = clock.millis();
        List<SloStanding> standings = new ArrayList<>(now.slos().size());
        now.slos().forEach((name, slo) -> {
            SloAccount account = now.accounts().get(name);
            if (account != null) {
                standings.add(account.standing(slo, at));
            }
        });
        standings.sort(Comparator.comparing(standing -> standing.slo().name()));
        return standings;
    }

    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        // A request is entered when it ends.
    }

    @Override
    public void ended(Outcome outcome) {
        InferenceRequest request = outcome.decision().candidates().request();
        State now = state;
        LatencySlo slo = now.table().find(request);
        SloAccount account = slo == null ? null : now.accounts().get(slo.name());
        if (slo != null && account != null) {
            account.add(Judgement.of(outcome, bounds(slo, request)), clock.millis());
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
