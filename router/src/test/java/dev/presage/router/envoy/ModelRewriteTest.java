package dev.presage.router.envoy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.presage.router.pool.ModelRewrite;
import dev.presage.router.pool.PoolRules;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.InferenceRequest;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The model that the client names and the one that the backend gets. */
class ModelRewriteTest {
    private static final String ODD =
            "{ \"seed\" : 12345678901234567890,\r\n\"prompt\":\"<h\u00e9&>\", \"model\" :\t\"m\\u0079\" , \"a\":1.10 }";

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
    void theHeaderNamesTheTargetAndOnlyTheValueChanges() {
        var stream = rewriting("target", ODD);
        String expected = ODD.replace("\"m\\u0079\"", "\"target\"");
        assertEquals(expected, stream.echoedRequest().toStringUtf8());
        var mutation = mutation(stream);
        assertEquals(
                Integer.toString(ByteString.copyFromUtf8(expected).size()),
                set(mutation).get("Content-Length"));
        assertEquals(List.of("x-llm-d-model-name-rewrite"), mutation.getRemoveHeadersList());
        assertEquals("my", request().requestedModel());
        assertEquals("target", request().model());
    }

    @Test
    void theNewHeaderWinsOverTheOldAndTheSameModelChangesNothing() {
        router.open()
                .requestHeaders(false, "x-gateway-model-name-rewrite", "old", "X-LLM-D-Model-Name-Rewrite", "new")
                .requestBody(ODD, true);
        assertEquals("new", request().model());
        router.open()
                .requestHeaders(false, "x-gateway-model-name-rewrite", "old")
                .requestBody(ODD, true);
        assertEquals("old", request().model());
        assertEquals(ODD, rewriting("my", ODD).echoedRequest().toStringUtf8());
    }

    @Test
    void aRuleOverridesTheHeader() {
        router.rules = rules(Set.of("my"), "ruled");
        rewriting("asked", ODD);
        assertEquals("ruled", request().model());
        rewriting("asked", ODD.replace("m\\u0079", "another"));
        assertEquals("asked", request().model());
    }

    @Test
    void eachDecisionOfARuleIsTold() {
        router.rules = rules(Set.of("my"), "ruled");
        rewriting("asked", ODD);
        rewriting("asked", ODD.replace("m\\u0079", "another"));
        assertEquals(List.of("r: my -> ruled"), router.rewritten);
        router.rules = rules(Set.of(), "default");
        router.open().complete("{\"prompt\":\"x\"}");
        assertEquals(List.of("r: my -> ruled", "r:  -> default"), router.rewritten);
    }

    @Test
    void aModelThatIsMissingIsPutIn() {
        String body = " {\"prompt\":\"hello world\"}";
        assertEquals(
                " {\"model\":\"t\\\"1\",\"prompt\":\"hello world\"}",
                rewriting("t\"1", body).echoedRequest().toStringUtf8());
        router.rules = rules(Set.of(), "default");
        assertEquals(
                " {\"model\":\"default\",\"prompt\":\"hello world\"}",
                router.open().complete(body).echoedRequest().toStringUtf8());
        assertEquals(
                "{\"prompt\":\"x\",\"model\": \"default\" }",
                router.open()
                        .complete("{\"prompt\":\"x\",\"model\": \"\" }")
                        .echoedRequest()
                        .toStringUtf8());
        assertTrue(
                router.open().complete("{\"prompt\":\"x\",\"model\":7}").last().hasImmediateResponse());
        assertTrue(
                router.open().complete("{\"prompt\":\"x\",\"model\":{}}").last().hasImmediateResponse());
    }

    @Test
    void nestedAndOpaqueModelsAreLeftAlone() {
        String body = "{\"prompt\":\"x\",\"metadata\":{\"model\":\"m\"},\"model\":\"m\"}";
        assertEquals(
                "{\"prompt\":\"x\",\"metadata\":{\"model\":\"m\"},\"model\":\"t\"}",
                rewriting("t", body).echoedRequest().toStringUtf8());
        var opaque = router.open()
                .requestHeaders(false, ":path", "/elsewhere", "x-llm-d-model-name-rewrite", "t")
                .requestBody(body, true);
        assertEquals(body, opaque.echoedRequest().toStringUtf8());
    }

    @Test
    void prefixesBelongToTheTarget() {
        String body = "{\"model\":\"m\",\"prompt\":\"" + "p".repeat(600) + "\"}";
        rewriting("t", body);
        long[] rewritten = request().prefixBlocks();
        router.open().complete(body.replace("\"m\"", "\"t\""));
        assertArrayEquals(request().prefixBlocks(), rewritten);
        router.open().complete(body);
        assertNotEquals(request().prefixBlocks()[0], rewritten[0]);
    }

    @Property(tries = 300)
    void theValueIsFoundHoweverTheBodyIsCut(@ForAll long seed, @ForAll @IntRange(min = 1, max = 90) int size)
            throws IOException {
        String prompt = "x\u00e9\uD83D\uDE00 ".repeat(new Random(seed).nextInt(20));
        String body = "{\"p\":{\"model\":\"a\"},\"prompt\":\"" + prompt + "\", \"model\"\n:  \"my-model\",\"z\":[1]}";
        try (ExtProcHarness fresh = new ExtProcHarness()) {
            fresh.pool(0);
            var stream = fresh.open().requestHeaders(false, "x-llm-d-model-name-rewrite", "t");
            ByteString bytes = ByteString.copyFromUtf8(body);
            for (int at = 0; at < bytes.size(); at += size) {
                int end = Math.min(bytes.size(), at + size);
                stream.requestBody(bytes.substring(at, end), end == bytes.size());
            }
            assertEquals(
                    body.replace("\"my-model\"", "\"t\""),
                    stream.echoedRequest().toStringUtf8());
        }
    }

    @Test
    void aDocumentComesBackUnderTheClientsName() {
        var stream = rewriting("target", ODD)
                .responseHeaders(false, ":status", "200", "content-type", "application/json", "Content-Length", "99")
                .responseBody("{\"model\": \"tar", false)
                .responseBody("get\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}", true);
        assertEquals(
                "{\"model\": \"my\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}", stream.echoedReply());
        var mutation = stream.answers.get(2).getResponseHeaders().getResponse().getHeaderMutation();
        assertEquals(List.of("content-length"), mutation.getRemoveHeadersList());
        assertEquals(2, router.outcomes.getFirst().usage().outputTokens());
    }

    @Test
    void aStreamComesBackUnderTheClientsNameAtOnce() {
        var stream = rewriting("target", ODD.replace("{", "{\"stream\":true,"))
                .responseHeaders(false, ":status", "200", "content-type", "text/event-stream");
        stream.responseBody("data: {\"model\":\"target\",\"choices\":[{\"text\":\"a\"}]}\n\ndata: {\"mo", false);
        assertEquals("data: {\"model\":\"my\",\"choices\":[{\"text\":\"a\"}]}\n\ndata: {", stream.echoedReply());
        int answers = stream.answers.size();
        stream.responseBody("del\"", false);
        assertEquals(answers, stream.answers.size(), "nothing to send yet");
        stream.responseBody(":\"target\"}\n\n", false).responseBody("data: [DONE]\n\n\"mod", true);
        assertEquals(
                "data: {\"model\":\"my\",\"choices\":[{\"text\":\"a\"}]}\n\ndata: {\"model\":\"my\"}\n\n"
                        + "data: [DONE]\n\n\"mod",
                stream.echoedReply());
        assertTrue(stream.last()
                .getResponseBody()
                .getResponse()
                .getBodyMutation()
                .getStreamedResponse()
                .getEndOfStream());
    }

    @Test
    void trailersEndAReplyThatIsHeldBack() {
        var stream = rewriting("target", ODD)
                .responseHeaders(false, "content-type", "text/event-stream")
                .responseBody("x\"model\":\"ta", false)
                .responseTrailers();
        assertEquals("x\"model\":\"ta", stream.echoedReply());
        assertTrue(stream.last().hasResponseTrailers());
    }

    @Test
    void compressedRepliesAreNotAskedForAndNotTouched() {
        var stream = router.open()
                .requestHeaders(false, "x-llm-d-model-name-rewrite", "target", "accept-encoding", "gzip")
                .requestBody(ODD, true);
        assertTrue(mutation(stream).getRemoveHeadersList().contains("accept-encoding"));
        assertFalse(set(mutation(stream)).containsKey("accept-encoding"));
        stream.responseHeaders(false, "content-encoding", "gzip", "content-type", "application/json")
                .responseBody("\"model\":\"target\"", true);
        assertEquals("\"model\":\"target\"", stream.echoedReply());
    }

    @Test
    void aCompressedBodyIsRewrittenAndCompressedAgain() throws IOException {
        ByteString gzip = GzipBody.deflated(ByteString.copyFromUtf8(ODD));
        var stream = router.open()
                .requestHeaders(false, "content-encoding", "gzip", "x-llm-d-model-name-rewrite", "target")
                .requestBody(gzip.substring(0, 20), false)
                .requestBody(gzip.substring(20), true);
        ByteString sent = stream.echoedRequest();
        assertEquals(
                ODD.replace("\"m\\u0079\"", "\"target\""),
                GzipBody.inflated(sent, 1000).orElseThrow().toStringUtf8());
        assertEquals(Integer.toString(sent.size()), set(mutation(stream)).get("Content-Length"));
        assertEquals("target", request().model());
        assertTrue(GzipBody.inflated(gzip, 10).isEmpty(), "longer than what may be held");
        var untouched =
                router.open().requestHeaders(false, "content-encoding", "gzip").requestBody(gzip, true);
        assertEquals(gzip, untouched.echoedRequest());
        router.rules = rules(Set.of("another"), "ruled");
        untouched =
                router.open().requestHeaders(false, "content-encoding", "gzip").requestBody(gzip, true);
        assertEquals(gzip, untouched.echoedRequest());
        assertEquals("my", request().model(), "read, though not changed");
        ByteString damaged = gzip.substring(0, 30);
        var broken = router.open()
                .requestHeaders(false, "content-encoding", "gzip", "x-llm-d-model-name-rewrite", "target")
                .requestBody(damaged, true);
        assertEquals(damaged, broken.echoedRequest());
    }

    @Test
    void bufferedBodiesAreReplacedWhole() {
        var stream = router.open(BodySendMode.BUFFERED, BodySendMode.BUFFERED)
                .requestHeaders(false, "x-llm-d-model-name-rewrite", "target")
                .requestBody("{\"model\":\"m\",\"prompt\":\"x\"}", true);
        var answer = stream.last().getRequestBody().getResponse();
        assertEquals(
                "{\"model\":\"target\",\"prompt\":\"x\"}",
                answer.getBodyMutation().getBody().toStringUtf8());
        assertEquals("31", set(answer.getHeaderMutation()).get("Content-Length"));
        assertTrue(answer.getClearRouteCache());
        stream.responseHeaders(false, "content-type", "application/json").responseBody("{\"model\":\"target\"}", true);
        assertEquals(
                "{\"model\":\"m\"}",
                stream.last()
                        .getResponseBody()
                        .getResponse()
                        .getBodyMutation()
                        .getBody()
                        .toStringUtf8());
    }

    @Test
    void streamedRepliesAreReplacedChunkByChunk() {
        var stream = router.open(BodySendMode.BUFFERED, BodySendMode.STREAMED)
                .requestHeaders(false, "x-llm-d-model-name-rewrite", "target")
                .requestBody("{\"model\":\"m\",\"prompt\":\"x\",\"stream\":true}", true)
                .responseHeaders(false, "content-type", "text/event-stream");
        assertEquals("data: {", streamed(stream.responseBody("data: {\"model\":\"targ", false)));
        assertEquals("\"model\":\"m\"}\n\n", streamed(stream.responseBody("et\"}\n\n", false)));
        stream.responseBody("data: [DONE]\n\n", true);
        assertFalse(stream.last().getResponseBody().getResponse().hasBodyMutation(), "nothing to change");
    }

    @Test
    void aBodyTooLongToHoldIsRewrittenIfItsModelCameFirst() throws IOException {
        try (ExtProcHarness small =
                new ExtProcHarness(new ExtProcSettings(true, false, 64), new ApproximatePrefixIndex(1 << 20))) {
            small.pool(0);
            String body = "{\"model\":\"m\",\"prompt\":\"" + "y".repeat(300) + "\"}";
            var stream = small.open()
                    .requestHeaders(
                            false,
                            "x-llm-d-model-name-rewrite",
                            "target",
                            "content-length",
                            Integer.toString(body.length()));
            stream.requestBody(body.substring(0, 100), false).requestBody(body.substring(100), true);
            assertEquals(
                    body.replace("\"m\"", "\"target\""), stream.echoedRequest().toStringUtf8());
            assertEquals(
                    Integer.toString(body.length() + 5), set(mutation(stream)).get("Content-Length"));

            String late = "{\"prompt\":\"" + "y".repeat(300) + "\",\"model\":\"m\"}";
            stream = small.open().requestHeaders(false, "x-llm-d-model-name-rewrite", "target");
            stream.requestBody(late.substring(0, 100), false).requestBody(late.substring(100), true);
            assertEquals(late, stream.echoedRequest().toStringUtf8());
        }
    }

    @Test
    void theObjectiveGivesThePriority() {
        router.rules = new PoolRules(Map.of("gold", 4, "bulk", -1), List.of());
        for (var expected : Map.of("gold", 4, "bulk", -1, "unknown", 0).entrySet()) {
            router.open()
                    .requestHeaders(false, "X-LLM-D-Inference-Objective", expected.getKey(), "Hi", "mom")
                    .requestBody("{\"model\":\"m\",\"prompt\":\"x\"}", true);
            assertEquals(expected.getValue(), request().priority());
            assertEquals("mom", request().headers().get("hi"));
        }
        router.open().requestHeaders(true, ":method", "GET", "x-gateway-inference-objective", "gold");
        assertEquals(4, request().priority());
    }

    private ExtProcHarness.Stream rewriting(String target, String body) {
        return router.open()
                .requestHeaders(false, ":path", "/v1/completions", "x-llm-d-model-name-rewrite", target)
                .requestBody(body, true);
    }

    private InferenceRequest request() {
        return router.decisions.getLast().candidates().request();
    }

    private static PoolRules rules(Set<String> models, String target) {
        var rule = new ModelRewrite.Rule(models, List.of(new ModelRewrite.Target(target, Optional.empty())));
        return new PoolRules(Map.of(), List.of(new ModelRewrite("r", List.of(rule))));
    }

    private static String streamed(ExtProcHarness.Stream stream) {
        return stream.last()
                .getResponseBody()
                .getResponse()
                .getBodyMutation()
                .getBody()
                .toStringUtf8();
    }

    private static HeaderMutation mutation(ExtProcHarness.Stream stream) {
        return stream.answers.getFirst().getRequestHeaders().getResponse().getHeaderMutation();
    }

    private static Map<String, String> set(HeaderMutation mutation) {
        Map<String, String> set = new LinkedHashMap<>();
        for (HeaderValueOption header : mutation.getSetHeadersList()) {
            set.put(
                    header.getHeader().getKey(),
                    header.getHeader().getRawValue().toStringUtf8());
        }
        return set;
    }
}
