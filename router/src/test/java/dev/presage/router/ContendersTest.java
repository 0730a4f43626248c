package dev.presage.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.EndCause;
import dev.presage.router.pick.CanaryGuard;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Fallback;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.Objective;
import dev.presage.router.pick.Shadow;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.predict.TestModels;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import dev.presage.store.predict.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContendersTest {
    private static final long MILLISECOND = 1_000_000;

    private final List<String> stops = new ArrayList<>();
    private final Random random = new Random(1);
    private long nanos;
    private EndpointPicker picker;

    @BeforeEach
    void start() {
        Fleet fleet = new Fleet();
        fleet.replace(List.of(
                new Endpoint("default/a-rank-0", "10.0.0.1", 8000, Map.of("accelerator", "fast")),
                new Endpoint("default/b-rank-0", "10.0.0.2", 8000, Map.of("accelerator", "slow"))));
        for (Endpoint endpoint : fleet.endpoints()) {
            fleet.signals(endpoint.id(), new EngineSignals(0, 0, 0, 16, 100, Set.of(), 0));
        }
        picker = new EndpointPicker(
                fleet,
                new ApproximatePrefixIndex(1 << 16),
                Ladder.DEFAULT,
                List.of(),
                () -> nanos,
                () -> TestModels.TRAINED_AT,
                () -> random,
                Duration.ofDays(1));
        picker.contenders(
                0.2,
                Objective.OWN_LATENCY,
                (bundle, stop) -> stops.add(bundle + " " + stop.guardrail().label() + ": " + stop.text()));
        picker.serve(model("champion"));
    }

    @Test
    void theChallengerPredictsTheVeryRowsAndTakesNoDecision() {
        picker.challenge(model("challenger"));
        Decision.Routed decision = route("r1").decision();
        assertEquals("champion", decision.choice().bundleId());
        Shadow shadow = decision.shadow();
        assertNotNull(shadow);
        assertEquals("challenger", shadow.bundleId());
        int chosen = decision.choice().candidate();
        assertEquals(chosen, shadow.opinion().candidate());
        double tokens = decision.candidates().get(chosen, Feature.UNCACHED_TOKENS) / 1_000;
        assertEquals(1 + 10 * tokens, shadow.opinion().predictions().locationMs(Target.TTFT, chosen), 1e-3);
        picker.challenge(null);
        assertNull(route("r2").decision().shadow());
    }

    @Test
    void aShareOfTheRequestsIsTheCanarysAndAlwaysTheSame() {
        picker.trial(model("canary"));
        Set<String> byCanary = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            if (end(route("request-" + i), 200, 10).equals("canary")) {
                byCanary.add("request-" + i);
            }
        }
        assertTrue(byCanary.size() > 340 && byCanary.size() < 460, byCanary.size() + " of 2000");
        for (String id : byCanary) {
            assertEquals("canary", end(route(id), 200, 10));
        }
        assertEquals(List.of(), stops);
        picker.trial(null);
        assertEquals("champion", end(route(byCanary.iterator().next()), 200, 10));
    }

    @Test
    void errorsStopTheCanaryOnceAndTheChampionGoesOn() {
        picker.trial(model("canary"));
        int untilStopped = 0;
        for (int i = 0; i < 3_000; i++) {
            Routing.Started started = route("request-" + i);
            boolean canary = started.decision().choice().bundleId().equals("canary");
            untilStopped += canary ? 1 : 0;
            end(started, canary && i % 3 == 0 ? 503 : 200, 10);
        }
        assertEquals(1, stops.size());
        assertTrue(stops.getFirst().startsWith("canary errors: "), stops.getFirst());
        assertTrue(untilStopped >= 50 && untilStopped <= 70, untilStopped + " requests of the canary");
    }

    @Test
    void ttftAndCoverageStopItToo() {
        picker.trial(model("canary"));
        for (int i = 0; i < 3_000; i++) {
            Routing.Started started = route("request-" + i);
            end(started, 200, 0.1 * Math.exp(9.2 * random.nextDouble()));
        }
        // Log-uniform over four decades: the model's 90 % quantile, e times its median, covers some 60 %.
        assertTrue(stops.getFirst().startsWith("canary coverage: "), stops.getFirst());
        stops.clear();
        picker.trial(model("canary"));
        for (int i = 0; i < 3_000; i++) {
            Routing.Started started = route("request-" + i);
            boolean canary = started.decision().choice().bundleId().equals("canary");
            end(started, 200, (canary ? 1.6 : 1) * (1 + random.nextDouble()));
        }
        assertEquals(1, stops.size());
        assertTrue(stops.getFirst().startsWith("canary " + CanaryGuard.Guardrail.TTFT.label()), stops.getFirst());
    }

    @Test
    void aChampionThatStandsAsideIsHeardAndComesBack() {
        for (int i = 0; i < 200; i++) {
            // The residuals follow a steady fault, so the engines are now far slower and now far faster than said.
            end(route("wrong-" + i), 200, i % 2 == 0 ? 200 : 0.02);
        }
        Decision.Routed aside = route("aside").decision();
        assertEquals(Fallback.CALIBRATION_OFF, aside.fallback());
        assertEquals("fleet-lmetric", aside.choice().policy());
        assertEquals("champion", aside.choice().bundleId());
        Fallback last = Fallback.CALIBRATION_OFF;
        int rightAgain = 0;
        for (; rightAgain < 500 && last == Fallback.CALIBRATION_OFF; rightAgain++) {
            Routing.Started started = route("right-" + rightAgain);
            last = started.decision().fallback();
            end(started, 200, 2);
        }
        assertEquals(Fallback.NONE, last);
        assertTrue(rightAgain > 50 && rightAgain < 200, rightAgain + " outcomes until it decides again");
    }

    private static ServingModel model(String id) {
        return new ServingModel(id, TestModels.work().predictor(), TestModels.TRAINED_AT);
    }

    private Routing.Started route(String id) {
        InferenceRequest request =
                new InferenceRequest(id, "client", "m", "m", Api.CHAT, 100, new long[0], 10, true, 0, Map.of());
        return (Routing.Started) picker.route(request, endpoint -> true);
    }

    /** The bundle that decided. */
    private String end(Routing.Started started, int status, double ttftMs) {
        started.exchange().responseStarted(status, true);
        nanos += (long) (ttftMs * MILLISECOND);
        started.exchange().streamedTokens(1, nanos);
        started.exchange().end(EndCause.COMPLETED);
        return started.decision().choice().bundleId();
    }
}
