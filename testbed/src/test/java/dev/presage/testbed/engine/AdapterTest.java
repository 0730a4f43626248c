package dev.presage.testbed.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdapterTest {
    private static final EngineProfile PROFILE = EngineProfile.named("h100-llama-2-70b-hf-tp8");
    private static final double LOAD_MS = 500;

    private final Engine engine = new Engine(PROFILE, SchedulerLimits.DEFAULT, new AdapterLimits(2, LOAD_MS));
    private double now;
    private int requests;

    @Test
    void aLoadDelaysTheFirstTokenAndOnlyOnce() {
        double base = ttft("");
        assertEquals(base + LOAD_MS, ttft("a"), 1e-9);
        assertEquals(base, ttft("a"), 1e-9);
        assertEquals(1, engine.gauges().adapterLoads());
    }

    @Test
    void theAdapterUsedLongestAgoMakesRoom() {
        ttft("a");
        ttft("b");
        ttft("a");
        ttft("c");
        assertEquals(Set.of("a", "c"), engine.gauges().loadedAdapters());
    }

    @Test
    void aRequestWaitsWhileAllPlacesAreInUseAndOthersPassIt() {
        SimRequest a = request("a", 200);
        SimRequest b = request("b", 50);
        SimRequest c = request("c", 1);
        SimRequest plain = request("", 1);
        List.of(a, b, c, plain).forEach(request -> engine.submit(request, now));
        List<String> first = new ArrayList<>();
        while (!engine.idle()) {
            StepResult step = engine.step(now);
            now = step.endMs();
            step.firstTokens().forEach(it -> first.add(it.request().id()));
            assertEquals(
                    first.contains(c.id()) ? Set.of() : Set.of("c"),
                    engine.gauges().waitingAdapters());
        }
        assertEquals(List.of(a.id(), b.id(), plain.id(), c.id()), first);
        assertEquals(3, engine.gauges().adapterLoads());
        assertEquals(Set.of("a", "c"), engine.gauges().loadedAdapters());
    }

    @Test
    void theSamePromptUnderAnotherAdapterFindsNoBlocks() {
        run(request("a", 1));
        assertEquals(48, engine.cachedTokensNow(request("a", 1)));
        assertEquals(0, engine.cachedTokensNow(request("b", 1)));
        assertEquals(0, engine.cachedTokensNow(request("", 1)));
    }

    @Test
    void lookingAheadCountsTheLoad() {
        run(request("a", 1));
        double loaded = engine.lookaheadFirstTokenMs(fresh("a"), now);
        assertEquals(loaded + LOAD_MS, engine.lookaheadFirstTokenMs(fresh("b"), now), 1e-9);
    }

    private SimRequest request(String adapter, int output) {
        return new SimRequest("r" + requests++, new long[] {1, 2, 3, 4}, 64, output, adapter);
    }

    /** With a prompt that is nowhere cached. */
    private SimRequest fresh(String adapter) {
        long salt = 1_000L * ++requests;
        return new SimRequest("r" + requests, new long[] {salt, salt + 1, salt + 2, salt + 3}, 64, 1, adapter);
    }

    private double ttft(String adapter) {
        return run(fresh(adapter));
    }

    /** How long a request of one token takes alone. */
    private double run(SimRequest request) {
        double start = now;
        engine.submit(request, now);
        while (!engine.idle()) {
            now = engine.step(now).endMs();
        }
        return now - start;
    }
}
