package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract's end-to-end cases against a running router: which endpoint is picked, and every field of the answer. */
class ContractCasesTest {
    private static final String SUBSET_MISS =
            "inference error: ServiceUnavailable - " + "failed to find endpoint candidates for serving the request";

    @TempDir
    Path directory = Path.of(".");

    @Test
    void theEmptierQueueAndCacheIsPicked() throws Exception {
        try (LiveRouter router = pool(engine(0, 3, .2), engine(1, 0, .1), engine(2, 10, .2))) {
            List<ProcessingResponse> answers =
                    completion(router.open(), "my-model", "my-model-12345").answers(2);
            String body = body("my-model-12345");
            CommonResponse headers = answers.get(0).getRequestHeaders().getResponse();
            assertTrue(headers.getClearRouteCache());
            assertEquals(
                    new TreeMap<>(Map.of(
                            "x-gateway-destination-endpoint",
                            router.engine(1).address(),
                            "Content-Length",
                            Integer.toString(body.length()),
                            "hi",
                            "mom",
                            "x-request-id",
                            "test-request-id")),
                    set(headers));
            assertEquals(router.engine(1).address(), metadata(answers.get(0)));
            StreamedBodyResponse sent = requestBody(answers.get(1));
            assertEquals(body, sent.getBody().toStringUtf8());
            assertTrue(sent.getEndOfStream());
        }
    }

    @Test
    void anActiveAdapterWithAnEmptyQueueIsPicked() throws Exception {
        try (LiveRouter router =
                pool(engine(0, 0, .2, "foo", "bar"), engine(1, 0, .1, "foo", "target"), engine(2, 10, .2, "bar"))) {
            assertPicked(router, 1, completion(router.open(), "sql-lora", "target"));
        }
    }

    @Test
    void nothingIsShedWhenAllAreBusy() throws Exception {
        try (LiveRouter router =
                pool(engine(0, 6, .2, "foo", "target"), engine(1, 0, .85, "foo"), engine(2, 10, .9, "foo"))) {
            assertPicked(router, 0, completion(router.open(), "sql-lora-sheddable", "target"));
        }
    }

    @Test
    void anUnknownPathPassesUnread() throws Exception {
        try (LiveRouter router = pool(engine(0, 3, .2), engine(1, 0, .1), engine(2, 10, .2))) {
            List<ProcessingResponse> answers = router.open()
                    .requestHeaders(false, ":path", "/anything", "hi", "mom")
                    .requestBody("passthrough-parser", true)
                    .answers(2);
            assertEquals(router.engine(1).address(), destination(answers.get(0)));
            assertEquals(
                    "passthrough-parser", requestBody(answers.get(1)).getBody().toStringUtf8());
        }
    }

    @Test
    void malformedAndUnnamedRequestsAreRefused() throws Exception {
        try (LiveRouter router = pool(engine(0, 0, .2))) {
            var malformed = router.open().requestHeaders(false, "hi", "mom").requestBody("no healthy upstream", true);
            assertRefused(
                    malformed,
                    400,
                    "inference error: BadRequest - error unmarshaling request bodyMap: "
                            + "invalid character 'o' in literal null (expecting 'u')",
                    Map.of());
            var unnamed =
                    router.open().requestHeaders(false, "hi", "mom").requestBody("{\"prompt\":\"hello world\"}", true);
            assertRefused(unnamed, 400, "inference error: BadRequest - model not found in request body", Map.of());
        }
    }

    @Test
    void aBodyInPiecesIsJoined() throws Exception {
        try (LiveRouter router = pool(engine(0, 4, .2), engine(1, 4, .2), engine(2, 0, .1))) {
            String body = body("sql-lora-sheddable");
            List<ProcessingResponse> answers = router.open()
                    .requestHeaders(
                            false,
                            "x-llm-d-inference-objective",
                            "sql-lora-sheddable",
                            "x-llm-d-model-name-rewrite",
                            "target",
                            "x-request-id",
                            "id")
                    .requestBody(body.substring(0, 33), false)
                    .requestBody(body.substring(33), true)
                    .answers(2);
            assertEquals(router.engine(2).address(), destination(answers.get(0)));
            assertEquals(body("target"), requestBody(answers.get(1)).getBody().toStringUtf8());
            assertEquals(
                    List.of("x-llm-d-inference-objective", "x-llm-d-model-name-rewrite"),
                    answers.get(0)
                            .getRequestHeaders()
                            .getResponse()
                            .getHeaderMutation()
                            .getRemoveHeadersList());
        }
    }

    @Test
    void anEmptyPoolIs503ForEveryRequest() throws Exception {
        Map<String, String> reason = Map.of("x-llm-d-request-dropped-reason", "rejected-no-endpoints");
        try (LiveRouter router = pool()) {
            assertRefused(router.open().requestHeaders(true, ":method", "GET"), 503, SUBSET_MISS, reason);
            assertRefused(completion(router.open(), "m", "m"), 503, SUBSET_MISS, reason);
        }
    }

    @Test
    void theSubsetHintRestricts() throws Exception {
        try (LiveRouter router = pool(engine(0, 0, .2), engine(1, 0, .1), engine(2, 10, .2))) {
            String first = router.engine(0).address();
            String second = router.engine(1).address();
            String third = router.engine(2).address();
            assertPicked(router, 1, completion(router.open().subset(first, second, third), "m", "m"));
            assertPicked(router, 0, completion(router.open().subset(first, third), "m", "m"));
            assertPicked(router, 2, completion(router.open().subset(third, "127.0.0.99:8000"), "m", "m"));
            Map<String, String> reason = Map.of("x-llm-d-request-dropped-reason", "rejected-no-endpoints");
            assertRefused(completion(router.open().subset("127.0.0.99:1"), "m", "m"), 503, SUBSET_MISS, reason);
            assertRefused(completion(router.open().subset(), "m", "m"), 503, SUBSET_MISS, reason);
            var get = router.open().subset(third).requestHeaders(true, ":method", "GET", ":path", "/v1/models");
            assertEquals(third, destination(get.answers(1).getFirst()));
            Value text = Value.newBuilder().setStringValue(first + "," + third).build();
            var flat = router.open().metadata("envoy.lb.subset_hint", "x-gateway-destination-endpoint-subset", text);
            assertPicked(router, 0, completion(flat, "m", "m"));
        }
    }

    @Test
    void theSubsetHintIsIgnoredIfAsked() throws Exception {
        List<EngineStub> engines = List.of(engine(0, 3, .2), engine(1, 0, .1));
        try (LiveRouter router = LiveRouter.start(directory, engines, "--disable-endpoint-subset-filter")) {
            assertPicked(
                    router, 1, completion(router.open().subset(router.engine(0).address()), "m", "m"));
        }
    }

    @Test
    void aGetGoesSomewhereWithoutEchoes() throws Exception {
        try (LiveRouter router = pool(engine(0, 0, .2))) {
            var answer = router.open()
                    .requestHeaders(true, ":method", "GET", "hi", "mom")
                    .answers(1)
                    .getFirst();
            String address = router.engine(0).address();
            assertEquals(
                    Map.of("x-gateway-destination-endpoint", address),
                    set(answer.getRequestHeaders().getResponse()));
            assertEquals(address, metadata(answer));
        }
    }

    @Test
    void aDocumentIsJoinedAndAnEmptyEndEndsIt() throws Exception {
        try (LiveRouter router = pool(engine(0, 0, .2))) {
            for (List<String> pieces :
                    List.of(List.of("{\"a\":", "1}"), List.of("{\"a\":", "1}", ""), List.of("no ", "json"))) {
                var stream = router.open().responseHeaders(false, "content-type", "application/json");
                for (int i = 0; i < pieces.size(); i++) {
                    stream.responseBody(pieces.get(i), i == pieces.size() - 1);
                }
                List<ProcessingResponse> answers = stream.answers(2);
                assertEquals(
                        Map.of("x-went-into-resp-headers", "true", "content-type", "application/json"),
                        set(answers.get(0).getResponseHeaders().getResponse()));
                assertEquals(
                        String.join("", pieces),
                        responseBody(answers.get(1)).getBody().toStringUtf8());
                assertTrue(responseBody(answers.get(1)).getEndOfStream());
            }
        }
    }

    @Test
    void eventsGoBackOneByOne() throws Exception {
        try (LiveRouter router = pool(engine(0, 0, .2))) {
            List<String> events = List.of(
                    "data: {\"choices\":[{\"text\":\"NEVER\"}]}\n\n",
                    "data: {\"usage\":{\"prompt_tokens\":7,\"total_tokens\":17,\"completion_tokens\":10}}\n\n",
                    "data: [DONE]\n\n");
            var stream = router.open().responseHeaders(false, "content-type", "text/event-stream", "status", "200");
            for (String event : events) {
                stream.responseBody(event, event.contains("DONE"));
            }
            List<ProcessingResponse> answers = stream.answers(4);
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        events.get(i),
                        responseBody(answers.get(i + 1)).getBody().toStringUtf8());
                assertEquals(i == 2, responseBody(answers.get(i + 1)).getEndOfStream());
            }
        }
    }

    @Test
    void framedRepliesEndWithTheirTrailers() throws Exception {
        try (LiveRouter router = pool(engine(0, 0, .2))) {
            List<ProcessingResponse> answers = router.open()
                    .responseHeaders(false, "content-type", "application/grpc")
                    .responseBody("fra", false)
                    .responseBody("me", false)
                    .responseTrailers()
                    .answers(3);
            assertEquals("frame", responseBody(answers.get(1)).getBody().toStringUtf8());
            assertFalse(responseBody(answers.get(1)).getEndOfStream());
            assertTrue(answers.get(2).hasResponseTrailers());
        }
    }

    @Test
    void aFramedRequestIsRouted() throws Exception {
        try (LiveRouter router = pool(engine(0, 3, .2), engine(1, 0, .1), engine(2, 10, .2))) {
            ByteString frame = ByteString.copyFrom(new byte[] {0, 0, 0, 0, 2, 8, 1});
            List<ProcessingResponse> answers = router.open()
                    .requestHeaders(
                            false,
                            ":path",
                            "/vllm.grpc.engine.VllmEngine/Abort",
                            "content-type",
                            "application/grpc",
                            "te",
                            "trailers")
                    .requestBody(frame.substring(0, 3), false)
                    .requestBody(frame.substring(3), true)
                    .answers(2);
            assertEquals(router.engine(1).address(), destination(answers.get(0)));
            assertFalse(set(answers.get(0).getRequestHeaders().getResponse()).containsKey("te"));
            assertEquals(frame, requestBody(answers.get(1)).getBody());
        }
    }

    @Test
    void framedRequestsObeyTheSubsetHintAndAreRefusedLikeOthers() throws Exception {
        ByteString frame = ByteString.copyFrom(new byte[] {0, 0, 0, 0, 2, 8, 1});
        String[] headers = {":path", "/vllm.grpc.engine.VllmEngine/Abort", "content-type", "application/grpc"};
        try (LiveRouter router = pool(engine(0, 0, .2), engine(1, 0, .1), engine(2, 10, .2))) {
            String third = router.engine(2).address();
            assertPicked(
                    router,
                    2,
                    router.open().subset(third).requestHeaders(false, headers).requestBody(frame, true));
            var nobody = router.open()
                    .subset("127.0.0.99:1")
                    .requestHeaders(false, headers)
                    .requestBody(frame, true);
            Map<String, String> reason = Map.of("x-llm-d-request-dropped-reason", "rejected-no-endpoints");
            assertRefused(nobody, 503, SUBSET_MISS, reason);
        }
    }

    @Test
    void scoresAreTold() throws Exception {
        List<EngineStub> engines = List.of(engine(0, 3, .2), engine(1, 0, .1));
        try (LiveRouter router = LiveRouter.start(directory, engines, "--emit-endpoint-scores")) {
            var lb = completion(router.open(), "m", "m")
                    .answers(2)
                    .getFirst()
                    .getDynamicMetadata()
                    .getFieldsOrThrow("envoy.lb")
                    .getStructValue();
            Map<String, Value> scores = lb.getFieldsOrThrow("x-gateway-destination-endpoint-scores")
                    .getStructValue()
                    .getFieldsMap();
            assertEquals(2, scores.size());
            assertTrue(score(scores, router.engine(1)) > score(scores, router.engine(0)));
        }
        try (LiveRouter router = pool(engine(0, 3, .2))) {
            var lb = completion(router.open(), "m", "m")
                    .answers(2)
                    .getFirst()
                    .getDynamicMetadata()
                    .getFieldsOrThrow("envoy.lb")
                    .getStructValue();
            assertEquals(
                    Set.of("x-gateway-destination-endpoint"), lb.getFieldsMap().keySet(), "off by default");
        }
    }

    @Test
    void usageOfAStreamIsCounted() throws Exception {
        try (LiveRouter router = pool(engine(0, 0, .2), engine(1, 0, .1), engine(2, 10, .2))) {
            completion(router.open(), "m", "m")
                    .responseHeaders(false, "content-type", "text/event-stream", ":status", "200")
                    .responseBody("data: {\"choices\":[{\"text\":\"NEVER\"}]}\n\n", false)
                    .responseBody("data: {\"usage\":{\"prompt_tokens\":7,\"total_tokens\":17,\"comple", false)
                    .responseBody("tion_tokens\":10}}\n\ndata: [DONE]\n\n", true)
                    .answers(6);
            String page = router.metricsPage();
            String labels = "{fairness_id=\"default-flow\",model_name=\"m\",priority=\"0\",target_model_name=\"m\"}";
            for (String sample : List.of(
                    "llm_d_epp_request_input_tokens_sum" + labels + " 7.0",
                    "llm_d_epp_request_output_tokens_sum" + labels + " 10.0",
                    "llm_d_epp_request_total" + labels + " 1.0",
                    "inference_objective_input_tokens_sum{model_name=\"m\",target_model_name=\"m\"} 7.0",
                    "inference_pool_ready_pods{name=\"default\"} 3.0")) {
                assertTrue(page.lines().anyMatch(sample::equals), () -> sample + " not in\n" + page);
            }
        }
    }

    @Test
    void aGatewayMayCompressItsMessages() throws Exception {
        try (LiveRouter router = pool(engine(0, 0, .2))) {
            assertPicked(router, 0, completion(router.openCompressed(), "m", "m"));
        }
    }

    @Test
    void theFormatIsThatOfTheOriginalPathWhereThereIsNoPath() throws Exception {
        try (LiveRouter router = pool(engine(0, 0, .2))) {
            for (String header : List.of("x-original-path", "x-forwarded-path")) {
                var wrong = router.open()
                        .requestHeaders(false, header, "/v1/embeddings?x=1")
                        .requestBody("{\"model\":\"m\"}", true);
                String shape = "inference error: BadRequest - invalid embeddings request: must have input field";
                assertRefused(wrong, 400, shape, Map.of());
            }
            var unknown = router.open().requestHeaders(false).requestBody("{\"model\":\"m\"}", true);
            String shape = "inference error: BadRequest - invalid completions request: must have prompt field";
            assertRefused(unknown, 400, shape, Map.of());
        }
    }

    private static double score(Map<String, Value> scores, EngineStub engine) {
        return scores.getOrDefault(engine.address(), Value.getDefaultInstance()).getNumberValue();
    }

    private LiveRouter pool(EngineStub... engines) throws Exception {
        return LiveRouter.start(directory, List.of(engines));
    }

    private static EngineStub engine(int number, int waiting, double kvUsage, String... adapters) {
        return EngineStub.serving(number, waiting, kvUsage, adapters);
    }

    private static LiveRouter.Stream completion(LiveRouter.Stream stream, String model, String target) {
        return stream.requestHeaders(
                        false,
                        "hi",
                        "mom",
                        "x-request-id",
                        "test-request-id",
                        "x-llm-d-inference-objective",
                        model,
                        "x-llm-d-model-name-rewrite",
                        target)
                .requestBody(body(model), true);
    }

    private static String body(String model) {
        return "{\"max_tokens\":100,\"model\":\"" + model + "\",\"prompt\":\"test1\",\"temperature\":0}";
    }

    private static void assertPicked(LiveRouter router, int expected, LiveRouter.Stream stream) throws Exception {
        assertEquals(
                router.engine(expected).address(), destination(stream.answers(2).getFirst()));
    }

    private static void assertRefused(LiveRouter.Stream stream, int status, String body, Map<String, String> headers)
            throws Exception {
        var refusal = stream.answers(1).getFirst().getImmediateResponse();
        assertEquals(status, refusal.getStatus().getCodeValue());
        assertEquals(body, refusal.getBody().toStringUtf8());
        assertEquals(headers, set(refusal.getHeaders().getSetHeadersList()));
        assertEquals("", refusal.getDetails());
    }

    static String destination(ProcessingResponse answer) {
        return set(answer.getRequestHeaders().getResponse()).getOrDefault("x-gateway-destination-endpoint", "");
    }

    static String metadata(ProcessingResponse answer) {
        return answer.getDynamicMetadata()
                .getFieldsOrThrow("envoy.lb")
                .getStructValue()
                .getFieldsOrThrow("x-gateway-destination-endpoint")
                .getStringValue();
    }

    static StreamedBodyResponse requestBody(ProcessingResponse answer) {
        return answer.getRequestBody().getResponse().getBodyMutation().getStreamedResponse();
    }

    static StreamedBodyResponse responseBody(ProcessingResponse answer) {
        return answer.getResponseBody().getResponse().getBodyMutation().getStreamedResponse();
    }

    static Map<String, String> set(CommonResponse response) {
        return set(response.getHeaderMutation().getSetHeadersList());
    }

    static Map<String, String> set(List<HeaderValueOption> headers) {
        Map<String, String> set = new TreeMap<>();
        headers.forEach(header -> set.put(
                header.getHeader().getKey(), header.getHeader().getRawValue().toStringUtf8()));
        assertEquals(headers.size(), set.size(), "a header set twice");
        return set;
    }
}
