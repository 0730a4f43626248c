package dev.presage.router.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.InferenceRequest;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gateways that do not send bodies full duplex. */
class BodyModesTest {
    private static final String BODY = "{\"prompt\":\"hello\",\"model\":\"my\",\"n\":1}";

    private ExtProcHarness router;

    @BeforeEach
    void start() throws IOException {
        router = new ExtProcHarness();
        router.pool(0);
    }

    @AfterEach
    void stop() {
        router.close();
    }

    @Test
    void aBufferedBodyBeforeTrailersIsWhole() {
        var stream = router.open(BodySendMode.BUFFERED, BodySendMode.NONE)
                .requestHeaders(false, ":path", "/v1/completions")
                .requestBody(BODY, false)
                .requestTrailers();
        assertEquals(3, stream.answers.size());
        assertTrue(stream.answers.get(1).getRequestBody().getResponse().getClearRouteCache());
        assertTrue(stream.last().hasRequestTrailers());
        assertEquals("my", request().model());
    }

    @Test
    void aPartlyBufferedBodyIsRoutedOnItsBeginningAndKeepsItsLength() {
        var stream = router.open(BodySendMode.BUFFERED_PARTIAL, BodySendMode.BUFFERED_PARTIAL)
                .requestHeaders(false, "content-length", "1000000", "x-llm-d-model-name-rewrite", "target")
                .requestBody("{\"model\":\"my\",\"prompt\":\"" + "w".repeat(2000), false);
        CommonResponse answer = stream.last().getRequestBody().getResponse();
        assertTrue(
                answer.getBodyMutation().getBody().toStringUtf8().startsWith("{\"model\":\"target\",\"prompt\":\"w"));
        assertEquals("1000004", header(answer, "Content-Length"));
        assertEquals("target", request().model());
        stream.requestBody("more", true);
        assertFalse(stream.last().getRequestBody().getResponse().hasBodyMutation());
        stream.responseHeaders(false, "content-type", "application/json").responseBody("{\"model\":\"target\"", false);
        assertEquals(
                "{\"model\":\"my\"", replaced(stream.last().getResponseBody().getResponse()));
    }

    @Test
    void aWholeBodyInAPartialBufferIsReadToItsEnd() {
        var stream = router.open(BodySendMode.BUFFERED_PARTIAL, BodySendMode.NONE)
                .requestHeaders(false)
                .requestBody("{\"prompt\":\"hello\"}", true);
        assertTrue(stream.last().hasImmediateResponse());
    }

    @Test
    void aStreamedBodyIsHeldUntilItsModelIsKnown() {
        var stream = router.open(BodySendMode.STREAMED, BodySendMode.STREAMED)
                .requestHeaders(
                        false,
                        "content-type",
                        "application/json",
                        "x-llm-d-model-name-rewrite",
                        "target",
                        "content-length",
                        "40",
                        "accept-encoding",
                        "br");
        var mutation = stream.last().getRequestHeaders().getResponse().getHeaderMutation();
        assertEquals(
                java.util.List.of("x-llm-d-model-name-rewrite", "content-length", "accept-encoding"),
                mutation.getRemoveHeadersList());
        assertEquals("", request().model(), "routed before the body");
        assertEquals("", streamed(stream.requestBody(BODY.substring(0, 24), false)));
        assertEquals(
                BODY.substring(0, 32).replace("\"my\"", "\"target\""),
                streamed(stream.requestBody(BODY.substring(24, 32), false)));
        stream.requestBody(BODY.substring(32), true);
        assertFalse(stream.last().getRequestBody().getResponse().hasBodyMutation());
        stream.responseHeaders(false, "content-type", "application/json").responseBody("{\"model\":\"target\"}", true);
        assertEquals(
                "{\"model\":\"my\"}", replaced(stream.last().getResponseBody().getResponse()));
    }

    @Test
    void aStreamedBodyWithoutAModelGetsOneAndABrokenOneGoesOn() {
        var stream = router.open(BodySendMode.STREAMED, BodySendMode.NONE)
                .requestHeaders(false, "content-type", "application/json", "x-llm-d-model-name-rewrite", "target")
                .requestBody("{\"prompt\":", false);
        assertEquals("{\"model\":\"target\",\"prompt\":1}", streamed(stream.requestBody("1}", true)));
        stream = router.open(BodySendMode.STREAMED, BodySendMode.NONE)
                .requestHeaders(false, "content-type", "application/json", "x-llm-d-model-name-rewrite", "target")
                .requestBody("{\"prompt\":", false);
        assertEquals("{\"prompt\":oops", streamed(stream.requestBody("oops", true)));
    }

    @Test
    void aStreamedBodyIsHeldToTheBoundOnly() throws IOException {
        try (ExtProcHarness small =
                new ExtProcHarness(new ExtProcSettings(true, false, 64), new ApproximatePrefixIndex(1 << 20))) {
            small.pool(0);
            var stream = small.open(BodySendMode.STREAMED, BodySendMode.NONE)
                    .requestHeaders(false, "content-type", "application/json", "x-llm-d-model-name-rewrite", "target");
            String first = "{\"prompt\":\"" + "y".repeat(100);
            assertEquals(first, streamed(stream.requestBody(first, false)));
            stream.requestBody("\",\"model\":\"m\"}", true);
            assertFalse(stream.last().getRequestBody().getResponse().hasBodyMutation());
        }
    }

    @Test
    void aStreamedBodyBeforeTrailersIsNotHeld() {
        var stream = router.open(BodySendMode.STREAMED, BodySendMode.NONE)
                .requestHeaders(
                        false,
                        "content-type",
                        "application/json",
                        "x-llm-d-model-name-rewrite",
                        "target",
                        "trailer",
                        "x-checksum")
                .requestBody("{\"prompt\":", false);
        assertFalse(stream.last().getRequestBody().getResponse().hasBodyMutation());
    }

    @Test
    void aStreamedBodyWithNothingToReplaceIsOnlyNoddedAt() {
        var stream = router.open(BodySendMode.STREAMED, BodySendMode.STREAMED)
                .requestHeaders(false, "content-length", "40")
                .requestBody(BODY, true);
        assertEquals("40", header(stream.answers.getFirst().getRequestHeaders().getResponse(), "Content-Length"));
        assertFalse(stream.last().getRequestBody().getResponse().hasBodyMutation());
    }

    private InferenceRequest request() {
        return router.decisions.getLast().candidates().request();
    }

    private static String streamed(ExtProcHarness.Stream stream) {
        CommonResponse answer = stream.last().getRequestBody().getResponse();
        assertTrue(answer.hasBodyMutation());
        return replaced(answer);
    }

    private static String replaced(CommonResponse answer) {
        return answer.getBodyMutation().getBody().toStringUtf8();
    }

    private static String header(CommonResponse answer, String name) {
        return answer.getHeaderMutation().getSetHeadersList().stream()
                .filter(header -> header.getHeader().getKey().equals(name))
                .map(header -> header.getHeader().getRawValue().toStringUtf8())
                .findFirst()
                .orElse("");
    }
}
