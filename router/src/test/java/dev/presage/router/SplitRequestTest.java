package dev.presage.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.presage.router.config.RouterConfig;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.fleet.QueueState;
import dev.presage.router.metrics.RouterMetrics;
import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Shadow;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.predict.TestModels;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A request whose prompt one endpoint computes and another one answers, from pick to end. */
class SplitRequestTest {
    private static final String CONFIG = """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: disagg-profile-handler
            - type: decode-filter
            - type: prefill-filter
            schedulingProfiles:
            - {name: decode, plugins: [{pluginRef: decode-filter}]}
            - {name: prefill, plugins: [{pluginRef: prefill-filter}]}
            """;
    private static final long[] BLOCKS = {1, 2, 3};

    private final Endpoint decode = new Endpoint("ns/d-rank-0", "10.0.0.1", 8000, Map.of("llm-d.ai/role", "decode"));
    private final Endpoint prefill = new Endpoint("ns/p-rank-0", "10.0.0.2", 8000, Map.of("llm-d.ai/role", "prefill"));
    private final Fleet fleet = new Fleet();
    private final ApproximatePrefixIndex prefixes = new ApproximatePrefixIndex(1 << 16);
    private final List<Outcome> outcomes = new ArrayList<>();
    private final RouterMetrics metrics = new RouterMetrics("0", "");
    private final long nanos = 1_000_000_000;
    private @Nullable ServingModel model;
    private @Nullable ServingModel challenger;

    @Test
    void bothEndpointsAreAccountedForUntilTheirPartEnds() {
        Routing.Started started = started(Map.of());
        assertEquals("10.0.0.1:8000", started.decision().destination());
        assertEquals(
                Map.of("x-prefiller-host-port", "10.0.0.2:8000"),
                started.decision().extraHeaders());
        assertEquals(200, queue(prefill).pendingTokens());
        assertEquals(1, queue(decode).pendingTokens(), "decode computes no more than the last token");

        started.exchange().responseStarted(200, true);
        started.exchange().streamedTokens(1, nanos + 5_000_000);
        assertEquals(0, queue(prefill).inFlight());
        assertEquals(1, queue(decode).decodingRequests());
        assertEquals(201, queue(decode).decodingContext());

        started.exchange().end(EndCause.COMPLETED);
        assertEquals(0, queue(decode).inFlight());
        assertEquals(3, prefixes.match(prefill, BLOCKS), "both hold the prompt");
        assertEquals(3, prefixes.match(decode, BLOCKS));
    }

    @Test
    void aFailureLeavesNothingBehind() {
        Routing.Started started = started(Map.of());
        started.exchange().end(EndCause.CLIENT_DISCONNECT);
        assertEquals(0, queue(prefill).inFlight());
        assertEquals(0, queue(decode).inFlight());
    }

    @Test
    void timeToTheFirstTokenIsLearnedOfPrefillAndTheRestOfDecode() {
        Routing.Started started = started(Map.of());
        started.exchange().responseStarted(200, true);
        started.exchange().streamedTokens(1, nanos + 5_000_000);
        started.exchange().streamedTokens(2, nanos + 9_000_000);
        started.exchange().end(EndCause.COMPLETED);

        List<Outcome> legs = outcomes.getFirst().legs();
        assertEquals(2, legs.size());
        assertEquals("r", legs.get(0).decision().eventId());
        assertNull(legs.get(0).ttftMs());
        assertEquals(2.0, legs.get(0).tpotMs());
        assertEquals("r/prefill", legs.get(1).decision().eventId());
        assertEquals("10.0.0.2:8000", legs.get(1).servedBy());
        assertEquals(5.0, legs.get(1).ttftMs());
        assertNull(legs.get(1).tpotMs());
        assertEquals(5.0, outcomes.getFirst().ttftMs(), "the client's own view is whole");
    }

    @Test
    void neitherIsLearnedOfWhenSomebodyElseAnswered() {
        Routing.Started started = started(Map.of());
        started.exchange().servedBy("10.0.0.9:8000");
        started.exchange().responseStarted(200, true);
        started.exchange().streamedTokens(1, nanos + 5_000_000);
        started.exchange().end(EndCause.COMPLETED);
        outcomes.getFirst().legs().forEach(leg -> assertNull(leg.ttftMs()));
        assertEquals("10.0.0.9:8000", outcomes.getFirst().legs().getFirst().servedBy());
    }

    @Test
    void whoComputesThePromptStaysWhenSomebodyElseAnswers() {
        Endpoint other = new Endpoint("ns/o-rank-0", "10.0.0.9", 8000, Map.of());
        fleet.replace(List.of(decode, prefill, other));
        Routing.Started started = started(Map.of());
        Endpoint chosen = started.decision().endpoint();
        Endpoint server = chosen.equals(decode) ? other : decode;
        started.exchange().servedBy(server.address());
        assertEquals(200, queue(prefill).pendingTokens());
        assertEquals(1, queue(server).pendingTokens());
        assertEquals(0, queue(chosen).inFlight());
        started.exchange().responseStarted(200, true);
        started.exchange().streamedTokens(1, nanos + 5_000_000);
        assertEquals(0, queue(prefill).inFlight());
        started.exchange().end(EndCause.COMPLETED);
        assertEquals(0, queue(server).inFlight());
    }

    @Test
    void eachLegsPredictionIsComparedWithItsOwnLatency() {
        model = TestModels.work();
        fleet.replace(List.of(decode, prefill));
        for (Endpoint endpoint : fleet.endpoints()) {
            fleet.signals(endpoint.id(), new EngineSignals(0, 0, 0, 16, 1000, Set.of(), nanos));
        }
        Routing.Started started = started(Map.of());
        started.exchange().responseStarted(200, true);
        started.exchange().streamedTokens(1, nanos + 5_000_000);
        started.exchange().streamedTokens(2, nanos + 9_000_000);
        started.exchange().end(EndCause.COMPLETED);
        Predictions predicted = started.decision().choice().predictions();
        Decision.Routed first =
                Objects.requireNonNull(started.decision().itinerary().prefill());
        Predictions ofPrompt = first.choice().predictions();
        double ttft = Objects.requireNonNull(ofPrompt)
                .locationMs(Target.TTFT, first.choice().candidate());
        double tpot = Objects.requireNonNull(predicted)
                .locationMs(Target.TPOT, started.decision().choice().candidate());
        assertEquals(Math.abs(ttft - 5) / 5, error("ttft"), 1e-6);
        assertEquals(Math.abs(tpot - 2) / 2, error("tpot"), 1e-6);
    }

    @Test
    void aChallengerPredictsBothLegs() {
        model = TestModels.work();
        challenger = model;
        fleet.replace(List.of(decode, prefill));
        for (Endpoint endpoint : fleet.endpoints()) {
            fleet.signals(endpoint.id(), new EngineSignals(0, 0, 0, 16, 1000, Set.of(), nanos));
        }
        for (Decision.Routed leg : started(Map.of()).decision().legs()) {
            Shadow shadow = Objects.requireNonNull(leg.shadow(), leg.eventId());
            int chosen = leg.choice().candidate();
            double own = Objects.requireNonNull(leg.choice().predictions()).locationMs(Target.TTFT, chosen);
            assertEquals(own, shadow.opinion().predictions().locationMs(Target.TTFT, chosen), 1e-6, leg.eventId());
        }
    }

    private double error(String target) {
        String sum = "presage_prediction_error_ratio_sum{target=\"" + target + "\"} ";
        return metrics.page()
                .lines()
                .filter(line -> line.startsWith(sum))
                .mapToDouble(line -> Double.parseDouble(line.substring(sum.length())))
                .sum();
    }

    @Test
    void aConditionThatTheCacheDoesNotMeetIsRefused() {
        Map<String, String> condition = Map.of("prefer", "if-available");
        Routing.Refused refused = assertInstanceOf(Routing.Refused.class, route(condition));
        assertEquals(new Decision.Unmet("no decode worker has the requested KV cache"), refused.decision());
        started(Map.of()).exchange().end(EndCause.COMPLETED);
        assertInstanceOf(Routing.Started.class, route(condition));
    }

    private Routing.Started started(Map<String, String> headers) {
        return assertInstanceOf(Routing.Started.class, route(headers));
    }

    private Routing route(Map<String, String> headers) {
        if (fleet.endpoints().isEmpty()) {
            fleet.replace(List.of(decode, prefill));
        }
        EndpointPicker picker = new EndpointPicker(
                fleet,
                prefixes,
                RouterConfig.parse("c", CONFIG, false).scheduling().scheduler(),
                Stream.concat(Stream.of(new Recorder()), metrics.routing().stream())
                        .toList(),
                () -> nanos,
                () -> TestModels.TRAINED_AT,
                () -> new Random(1),
                Duration.ofSeconds(2));
        picker.serve(model);
        picker.challenge(challenger);
        InferenceRequest request =
                new InferenceRequest("r", "client", "m", "m", Api.CHAT, 200, BLOCKS, 10, true, 0, headers);
        return picker.route(request, endpoint -> true);
    }

    private QueueState queue(Endpoint endpoint) {
        return Objects.requireNonNull(fleet.twin(endpoint)).state();
    }

    private final class Recorder implements RoutingListener {
        @Override
        public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {}

        @Override
        public void ended(Outcome outcome) {
            outcomes.add(outcome);
        }
    }
}
