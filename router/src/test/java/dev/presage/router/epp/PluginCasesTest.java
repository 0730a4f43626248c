package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Value;
import dev.presage.router.request.GrpcMessages;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract's end-to-end cases with plugins that pin sessions, obey tests and add to replies, over JSON and over gRPC bodies. */
class PluginCasesTest {
    private static final String GENERATE = "/vllm.grpc.engine.VllmEngine/Generate";
    private static final String JSON = "{\"model\":\"m\",\"prompt\":\"hello\"}";
    private static final ByteString FRAME =
            ByteString.copyFrom(GrpcMessages.frame(0, GrpcMessages.generate(true, 10, 1, 2, 3)));
    private static final String REPORTER = "{type: request-attribute-reporter, parameters: {attributes: [{"
            + "key: {namespace: envoy.lb, name: x-gateway-inference-request-cost},"
            + " expression: usage.completion_tokens, condition: has(usage.completion_tokens)}]}}";

    @TempDir
    Path directory = Path.of(".");

    @Test
    void theTokenOfASessionKeepsItWhereItWas() throws Exception {
        for (String type : List.of("session-affinity-filter", "session-affinity-scorer")) {
            try (LiveRouter router = LiveRouter.with(
                    type.equals("session-affinity-filter")
                            ? "{type: " + type + "}"
                            : "{type: " + type
                                    + ", parameters: {encodedEndpointHeaderConfig: {header: x-session-token}}}",
                    directory,
                    List.of(engine(0, 3, .2), engine(1, 0, .1), engine(2, 1, .2)),
                    "--allow-experimental-plugins")) {
                for (boolean framed : new boolean[] {false, true}) {
                    List<ProcessingResponse> first =
                            reply(request(router, framed), framed).answers(4);
                    String token = replyHeader(first, "x-session-token");
                    assertEquals(router.engine(1).address(), ContractCasesTest.destination(first.getFirst()));
                    // Another endpoint is the better one for everybody else.
                    var pinned = router.open()
                            .subset(router.engine(0).address(), router.engine(2).address());
                    String elsewhere =
                            replyHeader(reply(send(pinned, framed), framed).answers(4), "x-session-token");
                    assertNotEquals(token, elsewhere);
                    var next = reply(send(router.open(), framed, "x-session-token", elsewhere), framed)
                            .answers(4);
                    assertEquals(elsewhere, replyHeader(next, "x-session-token"));
                    assertEquals(router.engine(2).address(), ContractCasesTest.destination(next.getFirst()));
                }
            }
        }
    }

    @Test
    void aSessionIdKeepsItsEndpoint() throws Exception {
        try (LiveRouter router = LiveRouter.with(
                "{type: session-affinity-filter, parameters: {strategy: session_id}}",
                directory,
                List.of(engine(0, 3, .2), engine(1, 0, .1), engine(2, 1, .2)),
                "--allow-experimental-plugins")) {
            for (boolean framed : new boolean[] {false, true}) {
                String session = "s" + framed;
                var only = router.open().subset(router.engine(0).address());
                send(only, framed, "x-session-id", session).answers(2);
                assertEquals(0, picked(router, send(router.open(), framed, "x-session-id", session)));
                assertEquals(1, picked(router, send(router.open(), framed, "x-session-id", "new" + framed)));
            }
        }
    }

    @Test
    void whatARequestCostIsToldWithTheEndOfItsReply() throws Exception {
        try (LiveRouter router = LiveRouter.with(REPORTER, directory, List.of(engine(0, 0, .2)))) {
            List<ProcessingResponse> document = request(router, false)
                    .responseHeaders(false, ":status", "200", "content-type", "application/json")
                    .responseBody("{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_", false)
                    .responseBody("tokens\":10,\"total_tokens\":17}}", true)
                    .answers(4);
            assertEquals(10, cost(document.getLast()));
            assertFalse(document.get(2).hasDynamicMetadata());
            List<ProcessingResponse> events = request(router, false)
                    .responseHeaders(false, ":status", "200", "content-type", "text/event-stream")
                    .responseBody("data: {\"choices\":[{\"text\":\"a\"}]}\n\n", false)
                    .responseBody(
                            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":11}}\n\n",
                            false)
                    .responseBody("data: [DONE]\n\n", true)
                    .answers(6);
            assertEquals(11, cost(events.getLast()));
            assertFalse(events.get(4).hasDynamicMetadata());
            List<ProcessingResponse> frames = reply(request(router, true), true).answers(4);
            assertEquals(2, cost(frames.getLast()));
            List<ProcessingResponse> uncounted = request(router, false)
                    .responseHeaders(false, ":status", "200", "content-type", "application/json")
                    .responseBody("{}", true)
                    .answers(4);
            assertFalse(uncounted.getLast().hasDynamicMetadata());
        }
    }

    @Test
    void theClientIsToldWhoServedIt() throws Exception {
        try (LiveRouter router =
                LiveRouter.with("{type: destination-endpoint-served-verifier}", directory, List.of(engine(0, 0, .2)))) {
            String header = "x-conformance-test-served-endpoint";
            for (boolean framed : new boolean[] {false, true}) {
                var told = request(router, framed)
                        .metadata(
                                "envoy.lb",
                                "x-gateway-destination-endpoint-served",
                                Value.newBuilder()
                                        .setStringValue("10.0.0.1:3000")
                                        .build());
                assertEquals("10.0.0.1:3000", replyHeader(reply(told, framed).answers(4), header));
                assertEquals(
                        "fail: missing envoy lb metadata",
                        replyHeader(reply(request(router, framed), framed).answers(4), header));
                var without = request(router, framed)
                        .metadata(
                                "envoy.lb",
                                "other",
                                Value.newBuilder().setBoolValue(true).build());
                assertEquals(
                        "fail: missing destination endpoint served metadata",
                        replyHeader(reply(without, framed).answers(4), header));
            }
        }
    }

    @Test
    void aTestNamesTheEndpoints() throws Exception {
        String header = "test-epp-endpoint-selection";
        try (LiveRouter router = LiveRouter.with(
                "{type: header-based-testing-filter}",
                directory,
                List.of(engine(0, 3, .2), engine(1, 0, .1), engine(2, 1, .2)))) {
            String first = router.engine(0).address();
            String third = router.engine(2).address();
            String all = "127.0.0.1,127.0.0.2,127.0.0.3";
            for (boolean framed : new boolean[] {false, true}) {
                for (String single : List.of("127.0.0.1", first)) {
                    assertEquals(0, picked(router, send(router.open(), framed, header, single)));
                }
                assertEquals(2, picked(router, send(router.open(), framed, header, "127.0.0.1, " + third)));
                assertEquals(1, picked(router, send(router.open(), framed, header, all)));
                assertEquals(1, picked(router, send(router.open(), framed)));
                var nobody = send(router.open(), framed, header, "10.9.9.9")
                        .answers(1)
                        .getFirst()
                        .getImmediateResponse();
                assertEquals(429, nobody.getStatus().getCodeValue());
            }
        }
    }

    @Test
    void framedRequestsAreNotShedAndAnEmptyPoolIs503() throws Exception {
        try (LiveRouter router =
                LiveRouter.start(directory, List.of(engine(0, 6, .2), engine(1, 0, .85), engine(2, 10, .9)))) {
            assertEquals(
                    0, picked(router, send(router.open(), true, "x-llm-d-inference-objective", "sql-lora-sheddable")));
        }
        try (LiveRouter router = LiveRouter.start(directory, List.of())) {
            var refused = send(router.open(), true).answers(1).getFirst().getImmediateResponse();
            assertEquals(503, refused.getStatus().getCodeValue());
            assertEquals(
                    "inference error: ServiceUnavailable - failed to find endpoint candidates for serving the request",
                    refused.getBody().toStringUtf8());
            assertEquals(
                    Map.of("x-llm-d-request-dropped-reason", "rejected-no-endpoints"),
                    ContractCasesTest.set(refused.getHeaders().getSetHeadersList()));
        }
    }

    @Test
    void enginesAreAskedForTheirModels() throws Exception {
        try (LiveRouter router = LiveRouter.with(
                        "{type: models-data-source, parameters: {interval: 50ms}}",
                        directory,
                        List.of(engine(0, 0, .1)));
                HttpClient client = HttpClient.newHttpClient()) {
            router.engine(0).awaitAskedForModels();
            URI state = URI.create("http://127.0.0.1:" + router.metricsPort() + "/debug/plugins/state");
            String told = client.send(HttpRequest.newBuilder(state).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            assertTrue(told.contains("\"sql-lora\" : \"m\""), told);
        }
    }

    private static EngineStub engine(int number, int waiting, double kvUsage) {
        return EngineStub.serving(number, waiting, kvUsage);
    }

    private static LiveRouter.Stream request(LiveRouter router, boolean framed) {
        return send(router.open(), framed);
    }

    /** A request over JSON or vLLM's gRPC, with one more header. */
    private static LiveRouter.Stream send(LiveRouter.Stream stream, boolean framed, String... header) {
        String[] headers = new String[4 + header.length];
        headers[0] = ":path";
        headers[1] = framed ? GENERATE : "/v1/completions";
        headers[2] = "content-type";
        headers[3] = framed ? "application/grpc" : "application/json";
        System.arraycopy(header, 0, headers, 4, header.length);
        stream.requestHeaders(false, headers);
        return framed ? stream.requestBody(FRAME, true) : stream.requestBody(JSON, true);
    }

    /** Its reply, in one body message; a framed one ends with trailers and counts two output tokens. */
    private static LiveRouter.Stream reply(LiveRouter.Stream stream, boolean framed) {
        if (!framed) {
            return stream.responseHeaders(false, ":status", "200", "content-type", "application/json")
                    .responseBody("{\"choices\":[]}", true);
        }
        byte[] counted = GrpcMessages.message(out -> {
            out.writeUInt32(3, 3);
            out.writeUInt32(4, 2);
        });
        byte[] message = GrpcMessages.message(out -> out.writeByteArray(3, counted));
        return stream.responseHeaders(false, ":status", "200", "content-type", "application/grpc")
                .responseBody(ByteString.copyFrom(GrpcMessages.frame(0, message)), true);
    }

    private static int picked(LiveRouter router, LiveRouter.Stream stream) throws InterruptedException {
        String destination = ContractCasesTest.destination(stream.answers(2).getFirst());
        for (int i = 0; i < 3; i++) {
            if (router.engine(i).address().equals(destination)) {
                return i;
            }
        }
        throw new AssertionError(destination + " is none of the engines");
    }

    private static String replyHeader(List<ProcessingResponse> answers, String name) {
        return ContractCasesTest.set(answers.get(2).getResponseHeaders().getResponse())
                .getOrDefault(name, "");
    }

    private static long cost(ProcessingResponse last) {
        assertTrue(last.hasDynamicMetadata(), "no metadata");
        return (long) last.getDynamicMetadata()
                .getFieldsOrThrow("envoy.lb")
                .getStructValue()
                .getFieldsOrThrow("x-gateway-inference-request-cost")
                .getNumberValue();
    }
}
