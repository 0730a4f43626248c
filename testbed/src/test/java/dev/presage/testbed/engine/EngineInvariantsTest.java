package dev.presage.testbed.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds after every step of any run; the seed is in the test's name. */
class EngineInvariantsTest {
    private static final EngineProfile PROFILE = EngineProfile.named("h100-llama-2-7b-hf-tp1");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void blocksAndTokensAreConserved(long seed) {
        Random random = new Random(seed);
        int capacity = 4_000 + random.nextInt(60_000);
        List<TestWorkload.Arrival> arrivals = TestWorkload.arrivals(random, 400, 3_000, 150, 20 + random.nextInt(200));
        Engine engine = new Engine(PROFILE.withKvCapacityTokens(capacity));
        Set<String> finished = new HashSet<>();
        Map<String, List<Double>> tokens = TestWorkload.run(engine, arrivals, new TestWorkload.Watcher() {
            @Override
            public void afterStep(StepResult step) {
                step.finished().forEach(request -> assertTrue(finished.add(request.id()), "finished twice"));
                assertTrue(step.tokens() <= 2048, "over the budget");
                referencesMatch(engine.scheduler());
            }
        });
        assertEquals(400, finished.size());
        for (TestWorkload.Arrival arrival : arrivals) {
            List<Double> times = tokens.getOrDefault(arrival.request().id(), List.of());
            assertEquals(arrival.request().outputTokens(), times.size());
            assertTrue(times.getFirst() > arrival.ms());
        }
        assertEquals(engine.scheduler().pool.size(), engine.scheduler().pool.free());
        assertEquals(0, engine.gauges().kvUsage());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theSameSeedGivesTheSameRun(long seed) {
        assertEquals(run(seed), run(seed));
    }

    private static Map<String, List<Double>> run(long seed) {
        List<TestWorkload.Arrival> arrivals = TestWorkload.arrivals(new Random(seed), 200, 3_000, 150, 50);
        return TestWorkload.run(
                new Engine(PROFILE.withKvCapacityTokens(12_000)), arrivals, new TestWorkload.Watcher() {});
    }

    /** Each block is referred to as often as sequences hold it, and the free list has exactly the others, in order. */
    private static void referencesMatch(Scheduler scheduler) {
        BlockPool pool = scheduler.pool;
        int[] held = new int[pool.size()];
        for (Sequence sequence : scheduler.running) {
            for (int i = 0; i < sequence.blockCount(); i++) {
                held[sequence.block(i)]++;
            }
        }
        int unheld = 0;
        for (int block = 0; block < held.length; block++) {
            assertEquals(held[block], pool.references(block), "references of block " + block);
            unheld += held[block] == 0 ? 1 : 0;
        }
        int listed = 0;
        long stamp = -1;
        for (int block = pool.firstFree(); block != pool.size(); block = pool.nextFree(block)) {
            assertTrue(pool.stamp(block) > stamp && held[block] == 0, "free list out of order at " + block);
            stamp = pool.stamp(block);
            listed++;
        }
        assertEquals(unheld, listed);
        assertEquals(unheld, pool.free());
    }
}
