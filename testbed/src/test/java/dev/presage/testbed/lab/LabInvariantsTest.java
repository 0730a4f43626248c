package dev.presage.testbed.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.EndpointPicker;
import dev.presage.router.fleet.EndpointState;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Fallback;
import dev.presage.router.predict.ServingModel;
import dev.presage.store.predict.Predictor;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.trace.TraceRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must hold in every run of the real picker over simulated engines; the display name carries policy and seed. */
class LabInvariantsTest {
    private static final int REQUESTS = 400;
    private static final int SWAP_EVERY = 15;

    @ParameterizedTest(name = "{0}, seed {1}")
    @CsvSource({
        "round-robin,   1",
        "random,        2",
        "least-request, 3",
        "heuristic,     4",
        "heuristic,     5",
        "lmetric,       6",
        "lmetric,       7",
        "learned,       8",
        "learned,       9",
        "clairvoyant,  10"
    })
    void everyRequestEndsOnceAndTheSameSeedGivesTheSameRun(String policy, long seed) {
        InvariantObserver first = run(policy, seed, List.of());
        InvariantObserver second = run(policy, seed, List.of());

        assertEquals(2 * REQUESTS, first.history().size());
        assertEquals(first.history(), second.history());
        assertFalse(first.history().equals(run(policy, seed + 100, List.of()).history()));
    }

    @ParameterizedTest(name = "seed {0}")
    @CsvSource({"21", "22", "23"})
    void modelSwapsInTheMiddleLoseNoRequest(long seed) {
        Swapper swapper = new Swapper();
        Swapper again = new Swapper();
        InvariantObserver swapped = run("learned", seed, List.of(swapper));

        assertTrue(swapper.swaps == REQUESTS / SWAP_EVERY, swapper.swaps + " swaps");
        Set<String> expected = new TreeSet<>(Set.of("a", "b", "no-model", "model-stale"));
        assertTrue(swapper.seen.containsAll(expected), swapper.seen + " should contain " + expected);
        assertEquals(swapped.history(), run("learned", seed, List.of(again)).history());
    }

    @Test
    void whatRoutersHearOfEachOtherEndsWithItsRequests() {
        EngineProfile profile = EngineProfile.named("h100-llama-2-70b-hf-tp8");
        LabRun run = new LabRun(
                new FleetSpec(List.of(profile, profile)),
                LabPolicy.named("lmetric"),
                new LabSettings(REQUESTS, REQUESTS / 4, 1, 31, true, 3, 50, List.of(), 0));
        run.run(SyntheticTrace.of(31, REQUESTS));
        assertTrue(run.peersHeard() > REQUESTS / 2, run.peersHeard() + " pieces of news heard");
        for (EndpointState state : run.fleet().snapshot().endpoints()) {
            assertEquals(0, state.queue().inFlight(), state.endpoint().id());
            assertEquals(0, state.queue().pendingTokens(), state.endpoint().id());
        }
    }

    private static InvariantObserver run(String policy, long seed, List<Swapper> swappers) {
        EngineProfile fast = EngineProfile.named("h100-llama-2-70b-hf-tp8").withKvCapacityTokens(40_000);
        EngineProfile slow = EngineProfile.named("a100-llama-2-70b-hf-tp4").withKvCapacityTokens(30_000);
        List<TraceRequest> trace = SyntheticTrace.of(seed, REQUESTS);
        InvariantObserver observer = new InvariantObserver();
        List<RoutingListener> observers = new ArrayList<>();
        observers.add(observer);
        observers.addAll(swappers);
        LabRun run = new LabRun(
                new FleetSpec(List.of(fast, slow, fast)),
                LabPolicy.named(policy),
                new LabSettings(REQUESTS, REQUESTS / 4, 1, seed, seed % 2 == 0),
                observers);
        observer.watch(run.fleet());
        swappers.forEach(swapper -> swapper.picker = run.picker());
        PolicyResult result = run.run(trace);
        observer.checkIdle(REQUESTS);
        assertEquals(REQUESTS - REQUESTS / 4, result.requests());
        return observer;
    }

    /** Puts another model, a stale one or none into service every few decisions, in the middle of all that is in flight. */
    private static final class Swapper implements RoutingListener {
        private final List<@Nullable ServingModel> models = Arrays.asList(
                model("a", Instant.EPOCH),
                null,
                model("b", Instant.EPOCH),
                model("old", Instant.EPOCH.minus(Duration.ofDays(2))));
        private final Set<String> seen = new TreeSet<>();
        private @Nullable EndpointPicker picker;
        private int decisions;
        private int swaps;

        @Override
        public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
            EndpointPicker serving = Objects.requireNonNull(picker);
            ServingModel inService = serving.serving();
            String bundle = decision.choice().bundleId();
            seen.add(bundle);
            seen.add(decision.fallback().label());
            if (decision.fallback() == Fallback.NONE) {
                assertEquals(Objects.requireNonNull(inService).bundleId(), bundle);
            } else {
                assertEquals("", bundle);
            }
            if (++decisions % SWAP_EVERY == 0) {
                serving.serve(models.get(swaps++ % models.size()));
            }
        }

        @Override
        public void ended(Outcome outcome) {
            // The observer checks ends.
        }

        private static ServingModel model(String id, Instant trainedAt) {
            return new ServingModel(id, Predictor.compile(LabModels.work()), trainedAt);
        }
    }
}
