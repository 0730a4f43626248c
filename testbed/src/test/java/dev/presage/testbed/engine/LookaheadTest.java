package dev.presage.testbed.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The lookahead's answer is what a deep copy of the engine, stepped for real, would show. */
class LookaheadTest {
    private static final EngineProfile PROFILE = EngineProfile.named("h100-llama-2-7b-hf-tp1");

    private int asked;
    private long copies;

    @Test
    void equalsASteppedCopyWithRoomToSpare() {
        for (int seed = 0; seed < 8; seed++) {
            compare(seed, 600_000, 3_000, 60);
        }
        assertTrue(copies == 0, copies + " of " + asked + " lookaheads needed a copy");
    }

    @Test
    void equalsASteppedCopyWhileBlocksAreEvicted() {
        for (int seed = 0; seed < 8; seed++) {
            compare(seed, 24_000, 3_000, 400);
        }
        assertTrue(copies < asked / 4, copies + " of " + asked + " lookaheads needed a copy");
    }

    @Test
    void equalsASteppedCopyUnderPreemption() {
        for (int seed = 0; seed < 8; seed++) {
            compare(seed, 6_000, 3_000, 60);
        }
        assertTrue(copies > 0, "the cache was meant to be too small");
    }

    @Test
    void theAnswerComesTrueWhenNothingElseArrives() {
        List<TestWorkload.Arrival> arrivals = TestWorkload.arrivals(new Random(7), 50, 3_000, 80, 30);
        Engine engine = new Engine(PROFILE);
        double[] predicted = new double[1];
        Map<String, List<Double>> tokens = TestWorkload.run(engine, arrivals, new TestWorkload.Watcher() {
            @Override
            public void beforeSubmit(SimRequest request, double nowMs) {
                if (request.id().equals("r49")) {
                    predicted[0] = nowMs + engine.lookaheadFirstTokenMs(request, nowMs);
                }
            }
        });
        assertEquals(tokens.getOrDefault("r49", List.of()).getFirst(), predicted[0], 1e-6);
    }

    private void compare(int seed, int capacity, int maxPrompt, double gapMs) {
        Random random = new Random(seed);
        List<TestWorkload.Arrival> arrivals = TestWorkload.arrivals(random, 300, maxPrompt, 120, gapMs);
        Engine engine = new Engine(PROFILE.withKvCapacityTokens(capacity));
        TestWorkload.run(engine, arrivals, new TestWorkload.Watcher() {
            @Override
            public void beforeSubmit(SimRequest request, double nowMs) {
                EngineGauges before = engine.gauges();
                double exact = engine.copy().runToFirstToken(request, nowMs) - nowMs;
                assertEquals(
                        exact, engine.lookaheadFirstTokenMs(request, nowMs), 1e-9, () -> request + ", seed " + seed);
                assertEquals(before, engine.gauges());
                asked++;
            }
        });
        copies += engine.lookaheadCopies();
    }
}
