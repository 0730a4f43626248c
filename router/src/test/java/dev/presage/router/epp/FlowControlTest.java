package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flow control of a running router, over its ports. */
class FlowControlTest {
    private static final int FULL = 9;

    @TempDir
    Path directory = Path.of(".");

    @Test
    void aRequestWaitsWhileThePoolIsFullAndGoesWhenItIsNot() throws Exception {
        try (LiveRouter router = pool("defaultRequestTTL: 5m", EngineStub.serving(0, FULL, 0.1))) {
            LiveRouter.Stream waits = completion(router);
            router.engine(0).says(FULL, 0.1);
            assertFalse(waits.answered());
            router.engine(0).says(0, 0.1);
            assertEquals(router.engine(0).address(), destination(waits.answer()));
            assertTrue(waits.answer().hasRequestBody());
            waits.responseHeaders(false, ":status", "200", "content-type", "application/json")
                    .responseBody("{}", true);
            assertTrue(waits.answer().hasResponseHeaders());
            assertEquals(1, waits.answers(1).size());
        }
    }

    @Test
    void oneThatWaitedTooLongIsToldSoAndWhenToComeAgain() throws Exception {
        try (LiveRouter router = pool("defaultRequestTTL: 50ms", EngineStub.serving(0, FULL, 0.1))) {
            ImmediateResponse refusal = completion(router).answers(1).getFirst().getImmediateResponse();
            assertEquals(429, refusal.getStatus().getCodeValue());
            assertEquals(
                    "inference error: ResourceExhausted - request timed out in queue: request TTL expired",
                    refusal.getBody().toStringUtf8());
            assertEquals(
                    Map.of("x-llm-d-request-dropped-reason", "rejected-ttl-expired", "retry-after", "1"),
                    headers(refusal));
        }
    }

    @Test
    void aFullQueueRefusesAtOnce() throws Exception {
        try (LiveRouter router = pool("defaultPriorityBand: {maxRequests: 1}", EngineStub.serving(0, FULL, 0.1))) {
            LiveRouter.Stream waits = completion(router);
            router.engine(0).says(FULL, 0.1);
            ImmediateResponse refusal = completion(router).answers(1).getFirst().getImmediateResponse();
            assertEquals(429, refusal.getStatus().getCodeValue());
            assertEquals(
                    "inference error: ResourceExhausted - request rejected pre-queue: queue at capacity",
                    refusal.getBody().toStringUtf8());
            assertEquals("rejected-saturated", headers(refusal).get("x-llm-d-request-dropped-reason"));
            waits.cancel();
            router.engine(0).says(0, 0.1);
            assertEquals(
                    router.engine(0).address(),
                    destination(completion(router).answers(2).getFirst()));
        }
    }

    @Test
    void anEmptyPoolIsWaitedForAndThen503() throws Exception {
        try (LiveRouter router = pool("noEndpointRequestTTL: 50ms")) {
            ImmediateResponse refusal = completion(router).answers(1).getFirst().getImmediateResponse();
            assertEquals(503, refusal.getStatus().getCodeValue());
            assertEquals(
                    "inference error: ServiceUnavailable - request timed out in queue and no endpoints are available:"
                            + " request TTL expired",
                    refusal.getBody().toStringUtf8());
            assertEquals(Map.of("x-llm-d-request-dropped-reason", "rejected-no-endpoints"), headers(refusal));
        }
        try (LiveRouter router = pool("noEndpointRequestTTL: 0s")) {
            ImmediateResponse refusal = completion(router).answers(1).getFirst().getImmediateResponse();
            assertEquals(
                    "inference error: ServiceUnavailable - no endpoints available: request rejected pre-queue:"
                            + " no endpoints available",
                    refusal.getBody().toStringUtf8());
        }
    }

    @Test
    void whoWaitsWhenTheRouterStopsIsTold() throws Exception {
        LiveRouter.Stream waits;
        try (LiveRouter router = pool("defaultRequestTTL: 5m", EngineStub.serving(0, FULL, 0.1))) {
            waits = completion(router);
            router.engine(0).says(FULL, 0.1);
            router.stop();
            ImmediateResponse refusal = waits.answer().getImmediateResponse();
            assertEquals(503, refusal.getStatus().getCodeValue());
            assertEquals(Map.of("x-llm-d-request-dropped-reason", "rejected-shutting-down"), headers(refusal));
        }
    }

    @Test
    void oneFullEndpointIsLeftOutAndOneThatIsNotIsUsed() throws Exception {
        try (LiveRouter router =
                pool("defaultRequestTTL: 5m", EngineStub.serving(0, 40, 0.1), EngineStub.serving(1, 2, 0.1))) {
            List<ProcessingResponse> answers = completion(router).answers(2);
            assertEquals(
                    router.engine(1).address(), destination(answers.getFirst()), "on average the pool is over full");
        }
    }

    private LiveRouter pool(String flowControl, EngineStub... engines) throws Exception {
        LiveRouter router = LiveRouter.configured(
                "featureGates: [flowControl]\nflowControl: {" + flowControl + "}\n", directory, List.of(engines));
        // On a connection that is open, streams arrive in the order in which they are begun.
        router.open().requestHeaders(true, ":path", "/v1/models").answers(1);
        return router;
    }

    private static LiveRouter.Stream completion(LiveRouter router) {
        return router.open()
                .requestHeaders(false, ":path", "/v1/completions", "content-type", "application/json")
                .requestBody("{\"model\":\"m\",\"prompt\":\"hello\"}", true);
    }

    private static String destination(ProcessingResponse answer) {
        return answer.getRequestHeaders().getResponse().getHeaderMutation().getSetHeadersList().stream()
                .map(HeaderValueOption::getHeader)
                .filter(header -> header.getKey().equals("x-gateway-destination-endpoint"))
                .map(header -> header.getRawValue().toStringUtf8())
                .collect(Collectors.joining());
    }

    private static Map<String, String> headers(ImmediateResponse refusal) {
        return refusal.getHeaders().getSetHeadersList().stream()
                .map(HeaderValueOption::getHeader)
                .collect(Collectors.toMap(header -> header.getKey(), header -> header.getRawValue()
                        .toStringUtf8()));
    }
}
