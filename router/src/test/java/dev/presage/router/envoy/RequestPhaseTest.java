package dev.presage.router.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract's request cases, message by message. */
class RequestPhaseTest {
    private static final String BODY =
            "{\"max_tokens\":100,\"model\":\"my-model\",\"prompt\":\"hello\",\"temperature\":0}";

    private ExtProcHarness router;

    @BeforeEach
    void start() throws IOException {
        router = new ExtProcHarness();
    }

    @AfterEach
    void stop() {
        router.close();
    }

    @Test
    void answersHeadersOnlyWhenTheBodyIsComplete() {
        router.pool(0);
        var stream = router.open();
        stream.requestHeaders(false, ":path", "/v1/completions").requestBody(BODY.substring(0, 20), false);
        assertTrue(stream.answers.isEmpty());
        stream.requestBody(BODY.substring(20), true);
        assertEquals(2, stream.answers.size());
        assertTrue(stream.answers.get(0).hasRequestHeaders());
        assertEquals(ByteString.copyFromUtf8(BODY), stream.echoedRequest());
        assertTrue(end(stream.last()));
    }

    @Test
    void setsDestinationLengthAndEveryHeaderAgain() {
        router.pool(3, 0, 10);
        var stream = router.open().complete(BODY);
        var response = stream.answers.getFirst().getRequestHeaders().getResponse();
        assertTrue(response.getClearRouteCache());
        String destination = router.decisions.getFirst().endpoint().address();
        assertEquals(
                Map.of(
                        "x-gateway-destination-endpoint",
                        destination,
                        "Content-Length",
                        Integer.toString(BODY.length()),
                        "hi",
                        "mom",
                        "x-request-id",
                        "test-request-id",
                        ":path",
                        "/v1/completions"),
                set(response.getHeaderMutation().getSetHeadersList()));
        assertEquals(
                destination,
                stream.answers
                        .getFirst()
                        .getDynamicMetadata()
                        .getFieldsOrThrow("envoy.lb")
                        .getStructValue()
                        .getFieldsOrThrow("x-gateway-destination-endpoint")
                        .getStringValue());
    }

    @Test
    void takesSystemHeadersOffAndLeavesRepeatedAndHopByHopOnesAlone() {
        router.pool(0);
        var stream = router.open()
                .requestHeaders(
                        false,
                        "X-LLM-D-Inference-Objective",
                        "gold",
                        "x-slo-ttft-ms",
                        "100",
                        "x-gateway-destination-endpoint",
                        "6.6.6.6:1",
                        "content-length",
                        "9",
                        "transfer-encoding",
                        "chunked",
                        "cookie",
                        "a=1",
                        "cookie",
                        "b=2")
                .requestBody(BODY, true);
        var mutation =
                stream.answers.getFirst().getRequestHeaders().getResponse().getHeaderMutation();
        assertEquals(List.of("x-llm-d-inference-objective", "x-slo-ttft-ms"), mutation.getRemoveHeadersList());
        assertEquals(
                Map.of(
                        "x-gateway-destination-endpoint",
                        "192.168.1.1:8000",
                        "Content-Length",
                        Integer.toString(BODY.length()),
                        "x-request-id",
                        "generated-1"),
                set(mutation.getSetHeadersList()));
    }

    @Test
    void cutsABodyIntoChunksThatEnvoyTakes() {
        router.pool(0);
        String body = "{\"model\":\"m\",\"prompt\":\"" + "x".repeat(150_000) + "\"}";
        var stream = router.open().complete(body);
        assertEquals(4, stream.answers.size());
        assertEquals(ByteString.copyFromUtf8(body), stream.echoedRequest());
        for (ProcessingResponse answer : stream.answers.subList(1, 4)) {
            assertTrue(body(answer).size() <= 62_000);
        }
        assertFalse(end(stream.answers.get(2)));
        assertTrue(end(stream.last()));
    }

    @Test
    void ignoresARepeatedEndOfTheBody() {
        router.pool(0);
        var stream = router.open().complete(BODY);
        stream.requestBody(BODY, true);
        assertEquals(2, stream.answers.size());
        assertEquals(1, router.decisions.size());
    }

    @Test
    void endsABodyAtItsTrailers() {
        router.pool(0);
        var stream = router.open()
                .requestHeaders(false, ":path", "/v1/completions")
                .requestBody(BODY, false)
                .requestTrailers();
        assertEquals(3, stream.answers.size());
        assertFalse(end(stream.answers.get(1)));
        assertTrue(stream.last().hasRequestTrailers());
    }

    @Test
    void routesARequestWithoutBody() {
        router.pool(0);
        var stream = router.open().requestHeaders(true, ":path", "/v1/models", ":method", "GET");
        assertEquals(1, stream.answers.size());
        var mutation = stream.last().getRequestHeaders().getResponse().getHeaderMutation();
        assertEquals(Map.of("x-gateway-destination-endpoint", "192.168.1.1:8000"), set(mutation.getSetHeadersList()));
    }

    @Test
    void refusesWhenThereIsNobody() {
        for (boolean bodiless : List.of(true, false)) {
            var stream = router.open();
            if (bodiless) {
                stream.requestHeaders(true, ":path", "/v1/models");
            } else {
                stream.complete(BODY);
            }
            assertRefused(
                    stream,
                    503,
                    "inference error: ServiceUnavailable - failed to find endpoint candidates for serving the request");
            assertEquals(
                    Map.of("x-llm-d-request-dropped-reason", "rejected-no-endpoints"),
                    set(stream.last().getImmediateResponse().getHeaders().getSetHeadersList()));
        }
    }

    @Test
    void refusesMalformedBodiesInTheContractsWords() {
        router.pool(0);
        Map<String, String> cases = new LinkedHashMap<>();
        String json = "error unmarshaling request bodyMap: ";
        cases.put("no healthy upstream", json + "invalid character 'o' in literal null (expecting 'u')");
        cases.put("hello", json + "invalid character 'h' looking for beginning of value");
        cases.put("{\"model\":", json + "unexpected end of JSON input");
        cases.put("[1]", json + "json: cannot unmarshal array into Go value of type map[string]interface {}");
        cases.put("{} x", json + "invalid character 'x' after top-level value");
        cases.put("", json + "unexpected end of JSON input");
        cases.put("{\"model\":\"m\"}", "invalid completions request: must have prompt field");
        cases.put("{\"prompt\":\"hello world\"}", "model not found in request body");
        cases.put("{\"prompt\":\"hello world\",\"model\":7}", "model not found in request body");
        cases.forEach((body, message) ->
                assertRefused(router.open().complete(body), 400, "inference error: BadRequest - " + message));
        assertTrue(router.decisions.isEmpty());
    }

    @Test
    void passesUnknownPathsWithoutLookingInside() {
        router.pool(0);
        var stream = router.open().requestHeaders(false, ":path", "/foo").requestBody("passthrough-parser", true);
        assertEquals(ByteString.copyFromUtf8("passthrough-parser"), stream.echoedRequest());
    }

    @Test
    void obeysTheSubsetHintWithPorts() {
        router.pool(0, 0, 0);
        assertEquals("192.168.1.3:8000", routedTo(list("192.168.1.3:8000", "192.168.1.2:9999")));
        assertEquals("192.168.1.2:8000", routedTo(list("192.168.1.2")));
        assertEquals("192.168.1.2:8000", routedTo(text("10.0.0.1:8000, 192.168.1.2:8000")));
        assertEquals("", routedTo(list("192.168.1.2:9999")));
        assertEquals("", routedTo(list()));
    }

    @Test
    void streamsThroughWhatIsTooLongToHold() throws IOException {
        try (ExtProcHarness small = new ExtProcHarness(
                new ExtProcSettings(true, false, 64), new dev.presage.router.prefix.ApproximatePrefixIndex(1 << 20))) {
            small.pool(0);
            String body = "{\"model\":\"m\",\"prompt\":\"" + "y".repeat(300) + "\"}";
            var stream = small.open()
                    .requestHeaders(
                            false, ":path", "/v1/completions", "content-length", Integer.toString(body.length()));
            stream.requestBody(body.substring(0, 100), false)
                    .requestBody(body.substring(100, 200), false)
                    .requestBody(body.substring(200), true);
            assertEquals(ByteString.copyFromUtf8(body), stream.echoedRequest());
            assertTrue(end(stream.last()));
            assertEquals("m", small.decisions.getFirst().candidates().request().model());
        }
    }

    private String routedTo(Value hint) {
        var stream = router.open().requestHeaders(false, ":path", "/v1/completions");
        Struct namespace = Struct.newBuilder()
                .putFields("x-gateway-destination-endpoint-subset", hint)
                .build();
        stream.send(ProcessingRequest.newBuilder()
                .setMetadataContext(Metadata.newBuilder().putFilterMetadata("envoy.lb.subset_hint", namespace))
                .setRequestBody(HttpBody.newBuilder()
                        .setBody(ByteString.copyFromUtf8(BODY))
                        .setEndOfStream(true)));
        return stream.last().hasImmediateResponse()
                ? ""
                : router.decisions.getLast().endpoint().address();
    }

    private static Value list(String... entries) {
        ListValue.Builder list = ListValue.newBuilder();
        for (String entry : entries) {
            list.addValues(text(entry));
        }
        return Value.newBuilder().setListValue(list).build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static void assertRefused(ExtProcHarness.Stream stream, int status, String body) {
        assertEquals(1, stream.answers.size());
        var refusal = stream.last().getImmediateResponse();
        assertEquals(status, refusal.getStatus().getCodeValue());
        assertEquals(body, refusal.getBody().toStringUtf8());
        assertTrue(stream.completed);
    }

    private static Map<String, String> set(List<HeaderValueOption> headers) {
        Map<String, String> set = new LinkedHashMap<>();
        headers.forEach(header -> set.put(
                header.getHeader().getKey(), header.getHeader().getRawValue().toStringUtf8()));
        assertEquals(headers.size(), set.size(), "a header set twice");
        return set;
    }

    private static ByteString body(ProcessingResponse answer) {
        return answer.getRequestBody()
                .getResponse()
                .getBodyMutation()
                .getStreamedResponse()
                .getBody();
    }

    private static boolean end(ProcessingResponse answer) {
        return answer.getRequestBody()
                .getResponse()
                .getBodyMutation()
                .getStreamedResponse()
                .getEndOfStream();
    }
}
