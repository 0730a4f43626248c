package dev.presage.router.flow;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.plugin.FaultLog;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.SaturationDetector;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Room by the fleet as it is known: an endpoint has some while the detector finds it below the ceiling. Each endpoint is judged on
 * its own, never by the pool's average: one that is full is left out, one that is not is used. Where some candidates only compute
 * prompts, there must be room at both stages. Used by one thread.
 *
 * @param <T> what waits
 */
public final class FleetSpace<T> implements Space<T> {
    private static final String ROLE = "llm-d.ai/role";
    private static final Sight EMPTY = new Sight.Empty();
    private static final Sight NOWHERE = new Sight.Nowhere();

    /** Sent since an endpoint's signals were read, which therefore do not show it. */
    private record Unseen(long scrapedAtNanos, int count) {}

    private final Function<T, Round> rounds;
    private final SaturationDetector detector;
    private final Map<String, Unseen> unseen = new HashMap<>();
    private final FaultLog faults;
    private int poolSize;

    /**
     * @param rounds the candidates of a request, among those that are fit and that its gateway admits
     */
    public FleetSpace(Function<T, Round> rounds, SaturationDetector detector, FaultLog faults) {
        this.rounds = rounds;
        this.detector = detector;
        this.faults = faults;
    }

    /** The pool has so many endpoints now. */
    public void pool(int endpoints) {
        poolSize = endpoints;
    }

    @Override
    public Sight look(T what, double ceiling, Set<String> withheld) {
        if (poolSize == 0) {
            return EMPTY;
        }
        Round round = rounds.apply(what);
        if (round.isEmpty()) {
            return NOWHERE;
        }
        Set<String> room = new HashSet<>();
        boolean computes = false;
        boolean answers = false;
        boolean anyPrefill = false;
        for (int i = 0; i < round.size(); i++) {
            Endpoint endpoint = round.state(i).endpoint();
            boolean prefillOnly = "prefill".equals(round.label(i, ROLE));
            anyPrefill |= prefillOnly;
            if (!withheld.contains(endpoint.id()) && saturation(round, i) < ceiling) {
                room.add(endpoint.id());
                computes |= prefillOnly;
                answers |= !prefillOnly;
            }
        }
        boolean enough = anyPrefill ? answers && (computes || onlyPrefill(round)) : answers;
        return enough || onlyPrefill(round) && computes
                ? WarmChance.of(round, room, detector.maxHoldMs())
                : full(round);
    }

    @Override
    public double warmth(T what, Set<String> room) {
        Round round = rounds.apply(what);
        double warmest = 0;
        for (int i = 0; i < round.size(); i++) {
            if (room.contains(round.state(i).endpoint().id())) {
                warmest = Math.max(warmest, round.cachedShare(i));
            }
        }
        return warmest;
    }

    private static boolean onlyPrefill(Round round) {
        for (int i = 0; i < round.size(); i++) {
            if (!"prefill".equals(round.label(i, ROLE))) {
                return false;
            }
        }
        return true;
    }

    private Sight full(Round round) {
        Set<String> all = new HashSet<>();
        for (int i = 0; i < round.size(); i++) {
            all.add(round.state(i).endpoint().id());
        }
        return new Sight.Full(all, all.size() >= poolSize);
    }

    /** A detector that fails does not stop requests. */
    private double saturation(Round round, int candidate) {
        try {
            return detector.of(round, candidate, unseen(round, candidate));
        } catch (RuntimeException e) {
            faults.failed("saturation detector", e);
            return 0;
        }
    }

    private int unseen(Round round, int candidate) {
        Unseen known = unseen.get(round.state(candidate).endpoint().id());
        return known != null
                        && known.scrapedAtNanos
                                == round.state(candidate).signals().scrapedAtNanos()
                ? known.count
                : 0;
    }

    @Override
    public void sent(String endpointId, long scrapedAtNanos) {
        if (unseen.size() > 2 * poolSize + 1) {
            unseen.clear();
        }
        Unseen known = unseen.get(endpointId);
        int before = known != null && known.scrapedAtNanos == scrapedAtNanos ? known.count : 0;
        unseen.put(endpointId, new Unseen(scrapedAtNanos, before + 1));
    }
}
