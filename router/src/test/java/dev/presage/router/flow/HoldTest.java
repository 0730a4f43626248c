package dev.presage.router.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Rounds;
import dev.presage.router.predict.TestModels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Requests that wait for a warm endpoint though a cold one has room: who, for how long, and at nobody's cost. */
class HoldTest {
    private static final long MS = 1_000_000;
    private static final Set<String> COLD_ROOM = Set.of("default/pod-1-rank-0");
    private static final Sight COLD = new Sight.Room(Set.of("cold"));
    private static final Sight BOTH = new Sight.Room(Set.of("cold", "warm"));

    private final Map<String, Sight> sights = new HashMap<>();
    private final FlowQueues<String> queues = new FlowQueues<>(FlowSettings.DEFAULT, 0);
    private final Space<String> space = (what, ceiling, withheld) -> sights.getOrDefault(what, COLD);

    private static Sight warm(double gainMs, double ownMs) {
        return new Sight.Warm(Set.of("cold"), "warm", gainMs, ownMs, 1_000);
    }

    private void offer(String what, int priority, Sight sight) {
        sights.put(what, sight);
        Claim claim = new Claim("f", priority, 1, 0, 0, 0, 1, 0);
        assertTrue(queues.offer(what, claim, 0).isEmpty());
    }

    private Optional<FlowQueues.Next<String>> next(long ms) {
        return queues.next(space, ms * MS);
    }

    @Test
    void itGoesWhereItIsWarmAsSoonAsThereIsRoom() {
        offer("a", 0, warm(400, 10));
        assertTrue(next(0).isEmpty());
        assertEquals(1, queues.held());
        assertTrue(next(399).isEmpty());
        sights.put("a", BOTH);
        FlowQueues.Next<String> sent = next(399).orElseThrow();
        Hold hold = Objects.requireNonNull(sent.hold());
        assertEquals(Hold.End.FREED, hold.endedBy(sent.sight(), 399 * MS));
        assertEquals(399 * MS, hold.lastedNanos(399 * MS));
        assertTrue(queues.isEmpty() && queues.held() == 0 && queues.bytes() == 0);
    }

    @Test
    void neverForLongerThanThePredictedGainNorThanTheMaximum() {
        offer("a", 0, warm(400, 0));
        offer("b", 1, warm(9_000, 0));
        assertTrue(next(0).isEmpty());
        assertEquals(400 * MS, queues.nextDueNanos());
        FlowQueues.Next<String> first = next(400).orElseThrow();
        assertEquals("a", first.what());
        assertEquals(COLD, first.sight(), "where there is room");
        assertEquals(Hold.End.OVER, Objects.requireNonNull(first.hold()).endedBy(first.sight(), 400 * MS));
        assertTrue(next(999).isEmpty());
        assertEquals("b", next(1_000).orElseThrow().what());
    }

    @Test
    void whenNothingIsToBeGainedAnyMoreItGoes() {
        offer("a", 0, warm(400, 10));
        assertTrue(next(0).isEmpty());
        sights.put("a", COLD);
        FlowQueues.Next<String> sent = next(100).orElseThrow();
        assertEquals(Hold.End.NO_GAIN, Objects.requireNonNull(sent.hold()).endedBy(sent.sight(), 100 * MS));
    }

    @Test
    void whatIsLookedAtAgainIsHeldForAsLongAsThereIsSomethingToGain() {
        offer("a", 0, new Sight.Warm(Set.of("cold"), "warm", 400, 0, 1_000, false));
        offer("b", 0, new Sight.Warm(Set.of("cold"), "warm", 400, 0, 1_000, false));
        assertTrue(next(0).isEmpty());
        assertTrue(next(999).isEmpty());
        sights.put("a", COLD);
        assertEquals("a", next(999).orElseThrow().what());
        assertEquals("b", next(1_000).orElseThrow().what(), "never longer than the maximum");
    }

    @Test
    void whoWaitsForSomethingElseNowIsInNobodysWay() {
        offer("a", 0, warm(400, 0));
        offer("b", 0, warm(400, 0));
        assertTrue(next(0).isEmpty());
        sights.put("a", new Sight.Warm(Set.of("cold"), Hold.KV, 9_000, 0, 9_000));
        sights.put("b", BOTH);
        assertTrue(next(1).isEmpty(), "a turns away");
        assertEquals("b", next(2).orElseThrow().what());
        assertEquals(1, queues.held());
        assertEquals("a", next(400).orElseThrow().what(), "in the time that it had from the beginning");
        assertEquals(0, queues.held());
    }

    @Test
    void whoComesAfterItInItsFlowGoesOn() {
        offer("a", 0, warm(400, 10));
        offer("b", 0, COLD);
        offer("c", -1, COLD);
        assertEquals("b", next(0).orElseThrow().what());
        assertEquals("c", next(0).orElseThrow().what());
        assertTrue(next(0).isEmpty());
    }

    @Test
    void thoseThatAreHeldBeforeItArePartOfTheWait() {
        offer("a", 0, warm(400, 300));
        offer("b", 0, warm(400, 300));
        offer("more important", 1, warm(400, 300));
        FlowQueues.Next<String> sent = next(0).orElseThrow();
        assertEquals("b", sent.what(), "a still gains 100 ms, b behind both nothing");
        assertNull(sent.hold());
    }

    @Test
    void thoseThatGoAfterItAreNot() {
        offer("a", 0, warm(400, 300));
        assertTrue(next(0).isEmpty());
        offer("important", 1, warm(100, 10));
        assertTrue(next(0).isEmpty(), "it goes before a, whose 300 ms are no part of its wait");
        assertEquals(2, queues.held());
    }

    @Test
    void theMoreImportantOneGoesFirst() {
        offer("a", 0, warm(400, 0));
        assertTrue(next(0).isEmpty());
        offer("b", 1, warm(400, 0));
        assertTrue(next(0).isEmpty());
        sights.put("a", BOTH);
        sights.put("b", BOTH);
        assertEquals("b", next(1).orElseThrow().what());
        assertEquals("a", next(1).orElseThrow().what());
    }

    @Test
    void aSmallGainIsNotWaitedFor() {
        offer("a", 0, warm(49, 0));
        assertNull(next(0).orElseThrow().hold());
    }

    @Test
    void whoIsHeldExpiresAndMayLeave() {
        offer("a", 0, warm(400, 10));
        offer("b", 0, warm(400, 10));
        assertTrue(next(0).isEmpty());
        assertTrue(queues.cancel("a", MS));
        assertEquals(1, queues.held());
        assertEquals("b", queues.expire(60_000 * MS).getFirst().what());
        assertTrue(queues.isEmpty() && queues.held() == 0);
        assertEquals(Long.MAX_VALUE, queues.nextDueNanos());
    }

    @Test
    void onlyAsManyAsTheStatedNumberAreHeld() {
        for (int i = 0; i < Holds.MAX + 3; i++) {
            offer("r" + i, 0, warm(400, 0));
        }
        int sent = 0;
        while (next(0).isPresent() || queues.size() - queues.held() > 0) {
            sent++;
        }
        assertEquals(Holds.MAX, queues.held());
        assertEquals(3, queues.size() == Holds.MAX ? 3 : sent);
    }

    /** Conservation, bounds of each hold, and nobody left behind, over random histories. */
    @Test
    void whateverHappensEachLeavesOnceAndInTime() {
        for (long seed = 1; seed <= 20; seed++) {
            history(seed);
        }
    }

    private static void history(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FlowQueues<Integer> queues = new FlowQueues<>(FlowSettings.DEFAULT, 0);
        Set<Integer> waiting = new HashSet<>();
        long now = 0;
        int entered = 0;
        int left = 0;
        for (int step = 0; step < 3_000; step++) {
            now += random.nextInt(30) * MS;
            if (random.nextBoolean()) {
                Claim claim = new Claim("f" + random.nextInt(3), random.nextInt(3) - 1, 1, now, 0, 0, 1, 0);
                assertTrue(queues.offer(entered, claim, now).isEmpty());
                waiting.add(entered++);
            }
            Space<Integer> space = (what, ceiling, withheld) -> switch (random.nextInt(6)) {
                case 0 -> new Sight.Full(Set.of("warm", "cold"), true);
                case 1 -> BOTH;
                case 2 -> COLD;
                default -> new Sight.Warm(Set.of("cold"), "w" + what % 3, random.nextInt(1, 500), 5, 300);
            };
            for (var next = queues.next(space, now); next.isPresent(); next = queues.next(space, now)) {
                assertTrue(waiting.remove(next.get().what()), "left twice, seed " + seed);
                Hold hold = next.get().hold();
                if (hold != null) {
                    long lasted = hold.lastedNanos(now);
                    assertTrue(lasted >= 0 && lasted <= 300 * MS && lasted <= hold.gainMs() * MS + 1, "seed " + seed);
                }
                left++;
            }
            if (random.nextInt(9) == 0 && !waiting.isEmpty()) {
                int gone = waiting.iterator().next();
                assertTrue(queues.cancel(gone, now), "seed " + seed);
                waiting.remove(gone);
                left++;
            }
            assertEquals(waiting.size(), queues.size(), "seed " + seed);
        }
        now += 1_000 * MS;
        Space<Integer> open = (what, ceiling, withheld) -> BOTH;
        List<Integer> rest = new ArrayList<>();
        for (var next = queues.next(open, now); next.isPresent(); next = queues.next(open, now)) {
            rest.add(next.get().what());
        }
        assertEquals(waiting, Set.copyOf(rest), "seed " + seed);
        assertEquals(entered, left + rest.size(), "seed " + seed);
        assertEquals(0, queues.held(), "seed " + seed);
    }

    /** 1 ms and 10 ms for each thousand tokens to compute, the request's own and those in front of it. */
    @Test
    void theGainIsTheDifferenceOfWhatIsPredicted() {
        Sight sight =
                WarmChance.of(burdened(30_000).round(TestModels.work(), LatencySettings.DEFAULT, 1), COLD_ROOM, 2_000);
        Sight.Warm warm = assertInstanceOf(Sight.Warm.class, sight);
        assertEquals("default/pod-0-rank-0", warm.endpoint());
        assertEquals(640 - 300 + 640, warm.gainMs(), 2, "and those who are at the cold one wait for 640 ms less");
        assertEquals(2_000, warm.mostMs());
        assertFalse(warm.once());
        assertTrue(warm.ownMs() < 1, "a token");
        for (Rounds own : List.of(burdened(30_000).priority(1), burdened(30_000).header("x-slo-ttft-ms", "900"))) {
            Sight.Warm alone = assertInstanceOf(
                    Sight.Warm.class,
                    WarmChance.of(own.round(TestModels.work(), LatencySettings.DEFAULT, 1), COLD_ROOM, 2_000));
            assertEquals(640 - 300, alone.gainMs(), 1, "for its own sake only");
            assertTrue(alone.once());
        }
    }

    /** The first endpoint holds all of the prompt, and has so many tokens in front of it. */
    private static Rounds burdened(int tokens) {
        return new Rounds()
                .prompt(64_000)
                .endpoint()
                .inFlight(1, tokens)
                .holds(1_000)
                .endpoint();
    }

    @Test
    void nobodyWaitsForWhatIsNotWarmerNotSoonerOrNotPredicted() {
        Set<String> room = COLD_ROOM;
        Rounds cold = new Rounds().prompt(64_000).endpoint().endpoint().inFlight(1, 30_000);
        Rounds later = burdened(130_000);
        Rounds better = burdened(30_000);
        Rounds impatient = burdened(90_000).priority(1);
        Sight go = new Sight.Room(room);
        assertEquals(go, WarmChance.of(cold.round(TestModels.work(), LatencySettings.DEFAULT, 1), room, 2_000));
        assertEquals(go, WarmChance.of(later.round(TestModels.work(), LatencySettings.DEFAULT, 1), room, 2_000));
        assertEquals(go, WarmChance.of(impatient.round(TestModels.work(), LatencySettings.DEFAULT, 1), room, 2_000));
        assertEquals(go, WarmChance.of(better.round(TestModels.work(), LatencySettings.DEFAULT, 1), room, 0), "off");
    }

    @Test
    void whereNothingIsPredictedTokensStandForMilliseconds() {
        Sight.Warm warm = assertInstanceOf(
                Sight.Warm.class, WarmChance.of(burdened(30_000).round(), COLD_ROOM, 2_000));
        assertEquals("default/pod-0-rank-0", warm.endpoint());
        assertEquals(64_000 - 30_000 + 64_000, warm.gainMs(), 10);
        assertEquals(2_000, warm.mostMs());
        assertFalse(warm.once(), "as long as there is something to gain");
        Sight go = new Sight.Room(COLD_ROOM);
        assertEquals(go, WarmChance.of(burdened(130_000).round(), COLD_ROOM, 2_000), "too much in front of it");
        assertEquals(go, WarmChance.of(burdened(30_000).priority(1).round(), COLD_ROOM, 2_000), "not for others");
        assertEquals(
                go,
                WarmChance.of(burdened(30_000).header("x-slo-ttft-ms", "900").round(), COLD_ROOM, 2_000));
    }
}
