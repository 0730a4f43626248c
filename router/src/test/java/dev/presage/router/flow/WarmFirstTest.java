package dev.presage.router.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose prompt is cached passes those whose is not, within bounds. */
class WarmFirstTest {
    private static final long MS = 1_000_000;
    private static final Space<String> SPACE = new Space<>() {
        @Override
        public Sight look(String what, double ceiling, Set<String> withheld) {
            return new Sight.Room(Set.of("e"));
        }

        @Override
        public double warmth(String what, Set<String> room) {
            return what.startsWith("warm") ? 0.9 : 0.1;
        }
    };

    private final FlowQueues<String> queues = new FlowQueues<>(
            FlowSettings.DEFAULT.with(new BandSettings(Limits.BAND, Fairness.STRICT, Ordering.WARM_FIRST)), 0);

    private void offer(String what, double sloTtftMs) {
        assertTrue(queues.offer(what, new Claim("f", 0, 1, 0, 0, sloTtftMs, 1, 0), 0)
                .isEmpty());
    }

    private String next(long ms) {
        return queues.next(SPACE, ms * MS).orElseThrow().what();
    }

    @Test
    void theWarmOnePassesAndTheOrderIsKeptAmongEquals() {
        offer("cold 1", 0);
        offer("cold 2", 0);
        offer("warm 1", 0);
        offer("warm 2", 0);
        assertEquals("warm 1", next(1));
        assertEquals("warm 2", next(2));
        assertEquals("cold 1", next(3));
        assertEquals("cold 2", next(4));
    }

    @Test
    void nobodyIsPassedForLongerThanTheBound() {
        offer("cold", 0);
        offer("warm 1", 0);
        offer("warm 2", 0);
        offer("warm 3", 0);
        long bound = Ordering.WARM_FIRST.passNanos() / MS;
        assertEquals("warm 1", next(1));
        assertEquals("warm 2", next(bound));
        assertEquals("cold", next(bound + 1));
        assertEquals("warm 3", next(bound + 2));
    }

    @Test
    void whoAsksForATtftIsNotPassed() {
        offer("cold", 500);
        offer("warm", 0);
        assertEquals("cold", next(1));
    }

    @Test
    void onlyTheFirstOfAFlowAreLookedAt() {
        for (int i = 0; i < Search.MAX_PASSING; i++) {
            offer("cold " + i, 0);
        }
        offer("warm", 0);
        assertEquals("cold 0", next(1));
        assertEquals("warm", next(2));
    }
}
