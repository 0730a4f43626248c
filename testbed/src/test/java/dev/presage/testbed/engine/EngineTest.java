package dev.presage.testbed.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EngineTest {
    private final EngineProfile profile = EngineProfile.named("h100-llama-2-70b-hf-tp8");
    private final Engine engine = new Engine(profile);

    @Test
    void aPromptIsComputedInChunksOfTheTokenBudget() {
        engine.submit(request("a", 1, 5_000, 2), 0);
        List<StepResult> steps = drain(engine, 0);
        assertEquals(
                List.of(2048, 2048, 904, 1),
                steps.stream().map(StepResult::tokens).toList());
        assertEquals(profile.stepMs(2048, 0, 2048L * 2048), steps.get(0).durationMs(), 1e-9);
        assertEquals(
                profile.stepMs(904, 0, 904L * (2 * 4096 + 904)), steps.get(2).durationMs(), 1e-9);
        assertEquals(profile.stepMs(1, 5_001, 0), steps.get(3).durationMs(), 1e-9);
        assertEquals(
                List.of(0, 0, 1, 0),
                steps.stream().map(s -> s.firstTokens().size()).toList());
        assertEquals(
                List.of(0, 0, 0, 1),
                steps.stream().map(s -> s.finished().size()).toList());
    }

    @Test
    void decodingSequencesGoFirstAndShareTheBudgetWithAPrompt() {
        for (int i = 0; i < 8; i++) {
            engine.submit(request("d" + i, 100 + i, 16, 10), 0);
        }
        StepResult prefill = engine.step(0);
        assertEquals(128, prefill.tokens());
        engine.submit(request("p", 1, 4_000, 1), 1);
        StepResult mixed = engine.step(prefill.endMs());
        assertEquals(2048, mixed.tokens());
        assertEquals(8, mixed.emitting().size());
        assertEquals(profile.stepMs(2048, 8 * 17, 2040L * 2040), mixed.durationMs(), 1e-9);
    }

    @Test
    void aBatchOfDecodesTakesTheTablesTime() {
        for (int i = 0; i < 64; i++) {
            engine.submit(request("d" + i, 100 + i, 16, 3), 0);
        }
        List<StepResult> steps = drain(engine, 0);
        assertEquals(64, steps.get(1).emitting().size());
        assertEquals(profile.stepMs(64, 64 * 17, 0), steps.get(1).durationMs(), 1e-9);
    }

    @Test
    void noMoreThanTheLimitRunAtOnce() {
        Engine small = new Engine(profile, new SchedulerLimits(64, 4));
        for (int i = 0; i < 6; i++) {
            small.submit(request("d" + i, 100 + i, 3, 2), 0);
        }
        small.step(0);
        assertEquals(4, small.gauges().running());
        assertEquals(2, small.gauges().waiting());
    }

    @Test
    void aRepeatedPromptHitsAllButItsLastBlock() {
        SimRequest first = request("a", 1, 1_600, 1);
        engine.submit(first, 0);
        drain(engine, 0);
        SimRequest again = request("b", 1, 1_600, 1);
        assertEquals(1_584, engine.cachedTokensNow(again));
        engine.submit(again, 10_000);
        StepResult step = engine.step(10_000);
        assertEquals(16, step.tokens());
        assertEquals(1_584, step.firstTokens().getFirst().cachedTokens());
        assertEquals(3_200, engine.gauges().prefixQueriedTokens());
        assertEquals(1_584, engine.gauges().prefixHitTokens());
    }

    @Test
    void aPartialBlockIsNotReused() {
        engine.submit(request("a", 1, 100, 1), 0);
        drain(engine, 0);
        assertEquals(96, engine.cachedTokensNow(request("b", 1, 200, 1)));
    }

    @Test
    void requestsOfOneStepShareBlocks() {
        engine.submit(request("a", 1, 320, 1), 0);
        engine.submit(request("b", 1, 320, 1), 0);
        assertEquals(320 + 16, engine.step(0).tokens());
        assertEquals(21.0 / profile.kvBlocks(), engine.gauges().kvUsage(), 1e-12);
    }

    @Test
    void generatedBlocksAreReusedByTheNextTurn() {
        long[] conversation = LongStream.range(1, 11).toArray();
        engine.submit(new SimRequest("turn1", conversation, 64, 33), 0);
        drain(engine, 0);
        // 64 prompt tokens and 32 computed output tokens; the last output token is never computed.
        assertEquals(96, engine.cachedTokensNow(new SimRequest("turn2", conversation, 160, 1)));
    }

    @Test
    void theLeastRecentlyUsedTailIsEvictedFirst() {
        Engine small = new Engine(profile.withKvCapacityTokens(160));
        small.submit(request("a", 1, 64, 1), 0);
        drain(small, 0);
        small.submit(request("b", 2, 64, 1), 1_000);
        drain(small, 1_000);
        // Ten blocks: two never used, four of a, four of b. Three new ones take the unused and the tail of a.
        small.submit(request("c", 3, 48, 1), 2_000);
        drain(small, 2_000);
        assertEquals(48, small.cachedTokensNow(request("x", 1, 80, 1)));
        assertEquals(64, small.cachedTokensNow(request("y", 2, 80, 1)));
        assertEquals(48, small.cachedTokensNow(request("z", 3, 80, 1)));
    }

    @Test
    void theNewestSequenceIsPreemptedAndFindsItsBlocksAgain() {
        Engine small = new Engine(profile.withKvCapacityTokens(160));
        small.submit(request("old", 1, 64, 60), 0);
        small.submit(request("new", 2, 64, 60), 0);
        List<String> finished = new ArrayList<>();
        int tokens = 0;
        for (StepResult step : drain(small, 0)) {
            step.finished().forEach(request -> finished.add(request.id()));
            tokens += step.emitting().size();
        }
        assertEquals(List.of("old", "new"), finished);
        assertEquals(120, tokens);
        assertTrue(small.gauges().preemptions() > 0);
        assertEquals(128, small.gauges().prefixQueriedTokens());
    }

    @Test
    void anAbortedRequestGivesItsBlocksBack() {
        SimRequest running = request("a", 1, 320, 100);
        SimRequest waiting = request("b", 2, 320, 100);
        engine.submit(running, 0);
        StepResult step = engine.step(0);
        engine.submit(waiting, 1);
        assertTrue(engine.abort(waiting));
        assertTrue(engine.abort(running));
        assertFalse(engine.abort(running));
        assertEquals(0, engine.step(step.endMs()).durationMs());
        assertTrue(engine.idle());
        assertEquals(0, engine.gauges().kvUsage());
    }

    @Test
    void refusesWhatItCannotDo() {
        Engine small = new Engine(profile.withKvCapacityTokens(160));
        SimRequest large = request("a", 1, 160, 1);
        assertFalse(small.fits(large));
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> small.submit(large, 0))
                .getMessage());
        assertTrue(message.contains("needs 11 KV blocks") && message.contains("has 10"), message);
        engine.submit(request("b", 1, 16, 2), 0);
        double end = engine.step(0).endMs();
        assertThrows(IllegalArgumentException.class, () -> engine.step(end - 1));
    }

    static List<StepResult> drain(Engine engine, double startMs) {
        List<StepResult> steps = new ArrayList<>();
        double now = startMs;
        while (!engine.idle()) {
            StepResult step = engine.step(now);
            now = step.endMs();
            if (step.durationMs() > 0) {
                steps.add(step);
            }
        }
        return steps;
    }

    private static SimRequest request(String id, long content, int prompt, int output) {
        long[] hashes = new long[prompt / 16];
        Arrays.setAll(hashes, i -> content * 1_000_000 + i);
        return new SimRequest(id, hashes, prompt, output);
    }
}
