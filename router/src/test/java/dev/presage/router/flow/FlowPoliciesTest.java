package dev.presage.router.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whose turn it is, by each policy. */
class FlowPoliciesTest {
    private static final long MS = 1_000_000;
    private static final Space<String> ROOM = (what, ceiling, withheld) -> new Sight.Room(Set.of("a"));

    @Test
    void workIsSharedByWeightWhateverRequestsWeigh() {
        FlowQueues<String> queues = queues(new Fairness.WeightedDeficit(Map.of("gold", 3.0, "silver", 2.0), 1));
        SplittableRandom random = new SplittableRandom(5);
        Map<String, Double> work = new HashMap<>();
        Map<String, Claim> claims = new HashMap<>();
        // Silver asks in few large pieces, bronze in many small ones: request counts would say otherwise.
        Map<String, Integer> largest = Map.of("gold", 1_000, "silver", 10_000, "bronze", 100);
        for (int i = 0; i < 60_000; i++) {
            for (String flow : largest.keySet()) {
                if (claims.keySet().stream().filter(id -> id.startsWith(flow)).count() < 3) {
                    Claim claim = claim(flow, 1 + random.nextInt(largest.get(flow)));
                    claims.put(flow + i, claim);
                    assertTrue(queues.offer(flow + i, claim, i * MS).isEmpty());
                }
            }
            var next = queues.next(ROOM, i * MS).orElseThrow();
            claims.remove(next.what());
            work.merge(next.claim().flow(), next.claim().work(), Double::sum);
        }
        double all = work.values().stream().mapToDouble(done -> done).sum();
        assertEquals(3 / 6.0, work.getOrDefault("gold", 0.0) / all, 0.01);
        assertEquals(2 / 6.0, work.getOrDefault("silver", 0.0) / all, 0.01);
        assertEquals(1 / 6.0, work.getOrDefault("bronze", 0.0) / all, 0.01);
    }

    @Test
    void whatAReplyReallyTookIsCharged() {
        FlowQueues<String> queues = queues(new Fairness.WeightedDeficit(Map.of(), 1));
        offer(queues, "a1", claim("a", 100));
        offer(queues, "b1", claim("b", 100));
        offer(queues, "a2", claim("a", 100));
        offer(queues, "b2", claim("b", 100));
        offer(queues, "b3", claim("b", 100));
        assertEquals("a1", next(queues));
        queues.settled(claim("a", 100), 1_000);
        assertEquals(List.of("b1", "b2", "b3", "a2"), rest(queues));
    }

    @Test
    void whoWasAwayIsNotOwed() {
        FlowQueues<String> queues = queues(new Fairness.WeightedDeficit(Map.of(), 1));
        for (int i = 0; i < 20; i++) {
            offer(queues, "a" + i, claim("a", 100));
        }
        for (int i = 0; i < 10; i++) {
            next(queues);
        }
        for (int i = 0; i < 10; i++) {
            offer(queues, "b" + i, claim("b", 100));
        }
        long early = rest(queues).subList(0, 10).stream()
                .filter(id -> id.startsWith("b"))
                .count();
        assertTrue(early >= 5 && early <= 6, early + " of the first ten");
    }

    @Test
    void roundRobinTakesOneOfEachStrictTakesTheOldest() {
        for (Fairness fairness : List.of(new Fairness.RoundRobin(), Fairness.STRICT)) {
            FlowQueues<String> queues = queues(fairness);
            for (String id : List.of("a1", "a2", "a3", "b1", "c1", "b2")) {
                offer(queues, id, claim(id.substring(0, 1), 1));
            }
            assertEquals(
                    fairness == Fairness.STRICT
                            ? List.of("a1", "a2", "a3", "b1", "c1", "b2")
                            : List.of("a1", "b1", "c1", "a2", "b2", "a3"),
                    rest(queues));
        }
    }

    @Test
    void leastAttainedServiceForgets() {
        FlowQueues<String> queues = queues(new Fairness.AttainedService(1, 0, 1_000));
        offer(queues, "a1", claim("a", 5_000));
        assertEquals("a1", next(queues));
        offer(queues, "a2", claim("a", 1));
        offer(queues, "b1", claim("b", 100));
        assertEquals("b1", next(queues));
        offer(queues, "b2", claim("b", 1));
        // After ten half-lives five thousand are five.
        assertEquals("b2", queues.next(ROOM, 1 * MS).orElseThrow().what());
        assertEquals("a2", queues.next(ROOM, 10_000 * MS).orElseThrow().what());
    }

    @Test
    void deadlinesOrderAFlow() {
        Claim none = new Claim("f", 0, 0, 0, 0, 0, 1, 0);
        Claim soon = new Claim("f", 0, 0, 0, 500 * MS, 0, 1, 0);
        Claim slo = new Claim("f", 0, 0, 0, 0, 200, 1, 0);
        Claim tight = new Claim("f", 0, 0, 0, 0, 300, 1, 250);
        Claim hopeless = new Claim("f", 0, 0, 0, 0, 300, 1, 400);
        assertEquals(List.of("none", "soon", "slo", "tight"), ordered(Ordering.FCFS, none, soon, slo, tight));
        assertEquals(List.of("soon", "none", "slo", "tight"), ordered(Ordering.EDF, none, soon, slo, tight));
        assertEquals(List.of("slo", "tight", "none", "soon"), ordered(Ordering.SLO_DEADLINE, none, soon, slo, tight));
        assertEquals(
                List.of("tight", "slo", "soon", "none"),
                ordered(Ordering.PREDICTED_FINISH, none, soon, slo, tight),
                "by when each must be sent at the latest");
        assertEquals(
                List.of("slo", "soon", "none", "tight"),
                ordered(Ordering.PREDICTED_FINISH, none, soon, slo, hopeless),
                "what is late anyway lets the others be in time");
    }

    private static List<String> ordered(Ordering ordering, Claim none, Claim soon, Claim slo, Claim tight) {
        FlowQueues<String> queues = new FlowQueues<>(
                FlowSettings.DEFAULT.with(new BandSettings(Limits.BAND, Fairness.STRICT, ordering)), 0);
        offer(queues, "none", none);
        offer(queues, "soon", soon);
        offer(queues, "slo", slo);
        offer(queues, "tight", tight);
        return rest(queues);
    }

    @Test
    void lowerPrioritiesMayBeHeldBack() {
        TreeSet<Integer> known = new TreeSet<>(List.of(-10, 0, 10));
        Ceilings byRank = new Ceilings.Holdback(false, 0.5, 1);
        assertEquals(0.5, byRank.of(-10, known));
        assertEquals(0.75, byRank.of(0, known));
        assertEquals(1, byRank.of(10, known));
        assertEquals(0.95, new Ceilings.Holdback(true, 0.9, 1).of(0, known), 1e-9);
        assertEquals(1, byRank.of(3, new TreeSet<>(List.of(3))));
        assertThrows(IllegalArgumentException.class, () -> new Ceilings.Holdback(false, 1.5, 1));
    }

    @Test
    void whoComesAgainKnowsWhen() {
        FlowQueues<String> queues = queues(Fairness.STRICT);
        assertEquals(1, queues.retryAfterSeconds(0, 0), "nothing is known yet");
        for (int i = 0; i < 2_000; i++) {
            offer(queues, "job" + i, claim("f", 10));
        }
        long now = 0;
        for (int i = 0; i < 1_000; i++) {
            now += 100 * MS;
            queues.next(ROOM, now);
        }
        int seconds = queues.retryAfterSeconds(0, now);
        assertTrue(seconds >= 95 && seconds <= 110, "1,000 left at ten a second: " + seconds);
        assertEquals(1, queues.retryAfterSeconds(1, now), "nothing waits above");
    }

    @Test
    void endsOfTheContractHaveItsWords() {
        assertEquals("EvictedTTL", FlowOutcome.EVICTED_TTL.label());
        assertThrows(IllegalStateException.class, () -> FlowOutcome.DISPATCHED.decision(1));
    }

    private static FlowQueues<String> queues(Fairness fairness) {
        return new FlowQueues<>(
                FlowSettings.DEFAULT
                        .with(new BandSettings(Limits.BAND, fairness, Ordering.FCFS))
                        .waiting(Duration.ofHours(1), FlowSettings.TTL),
                0);
    }

    private static Claim claim(String flow, double work) {
        return new Claim(flow, 0, 10, 0, 0, 0, work, 0);
    }

    private static void offer(FlowQueues<String> queues, String id, Claim claim) {
        assertTrue(queues.offer(id, claim, 0).isEmpty());
    }

    private static String next(FlowQueues<String> queues) {
        return queues.next(ROOM, 0).orElseThrow().what();
    }

    private static List<String> rest(FlowQueues<String> queues) {
        List<String> order = new ArrayList<>();
        while (!queues.isEmpty()) {
            order.add(next(queues));
        }
        return order;
    }
}
