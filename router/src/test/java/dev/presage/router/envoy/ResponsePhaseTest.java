package dev.presage.router.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Usage;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.prefix.PrefixIndex;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProtocolConfiguration;
import io.grpc.Status;
import io.netty.channel.DefaultEventLoop;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract's reply cases, how streams end, and what a failure of ours costs. */
class ResponsePhaseTest {
    private static final String BODY = "{\"model\":\"m\",\"prompt\":\"hello\",\"stream\":true}";
    private static final String PLAIN = "{\"model\":\"m\",\"prompt\":\"hello\"}";

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
    void joinsADocumentThatComesInPieces() {
        var stream = router.open()
                .responseHeaders(false, "content-type", "application/json")
                .responseBody("{\"a\":", false)
                .responseBody("1}", false)
                .responseBody("", true);
        assertEquals(2, stream.answers.size());
        var set = stream.answers
                .getFirst()
                .getResponseHeaders()
                .getResponse()
                .getHeaderMutation()
                .getSetHeadersList();
        assertEquals("x-went-into-resp-headers", set.get(0).getHeader().getKey());
        assertEquals("true", set.get(0).getHeader().getRawValue().toStringUtf8());
        assertEquals("content-type", set.get(1).getHeader().getKey());
        assertEquals("{\"a\":1}", body(stream.last()));
        assertTrue(end(stream.last()));
    }

    @Test
    void aReplyThatIsNotLookedIntoPasses() {
        var stream = router.open()
                .requestHeaders(false, ":path", "/v1/messages/count_tokens")
                .requestBody("{\"messages\":[]}", true)
                .responseHeaders(false, ":status", "200", "content-type", "application/json")
                .responseBody("{\"input_", false)
                .responseBody("tokens\":7}", true);
        assertEquals("{\"input_tokens\":7}", stream.echoedReply());
        assertEquals(EndCause.COMPLETED, router.outcomes.getFirst().cause());
    }

    @Test
    void aGatewayThatIsOverloadedSaysNothingOfTheReplica() {
        router.open().complete(BODY).responseHeaders(true, ":status", "503");
        router.open().complete(BODY).responseHeaders(true, ":status", "503", "x-envoy-overloaded", "true");
        assertEquals(List.of(503), router.answered, "only the replica's own answer counts for its rotation");
        assertEquals(503, router.outcomes.getLast().httpStatus());
        assertEquals(EndCause.UPSTREAM_ERROR, router.outcomes.getLast().cause());
    }

    @Test
    void answersTheTrailersOfAReply() {
        var stream = router.open()
                .responseHeaders(false, "content-type", "application/grpc")
                .responseBody("frame", false)
                .responseTrailers();
        assertEquals(3, stream.answers.size());
        assertEquals("frame", body(stream.answers.get(1)));
        assertFalse(end(stream.answers.get(1)));
        assertTrue(stream.last().hasResponseTrailers());
    }

    /** As behind gRPC's transport; returns when the loop has done all that it was given, and what came of that. */
    private static void onEventLoop(Runnable work) throws Exception {
        DefaultEventLoop loop = new DefaultEventLoop();
        try {
            loop.submit(work).get();
        } finally {
            loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void onAnEventLoopAChunkIsLookedAtBehindItsEcho() throws Exception {
        ExtProcHarness.Stream stream = router.open();
        onEventLoop(() -> {
            stream.complete(BODY)
                    .responseHeaders(false, ":status", "200", "content-type", "text/event-stream")
                    .responseBody("data: {\"choices\":[{\"text\":\"a\"}]}\n\n", false);
            int answers = stream.answers.size();
            assertEquals("data: {\"choices\":[{\"text\":\"a\"}]}\n\n", body(stream.last()));
            stream.responseBody("data: {\"choices\":[],\"usage\":{\"completion_tokens\":1}}\n\n", true);
            assertEquals(answers, stream.answers.size(), "asked for before the chunk in front of it was looked at");
        });
        assertTrue(end(stream.last()));
        assertEquals(EndCause.COMPLETED, router.outcomes.getFirst().cause());
        assertEquals(1, router.outcomes.getFirst().usage().outputTokens());
    }

    @Test
    void aStreamThatIsResetBehindItsLastEchoWasComplete() throws Exception {
        onEventLoop(() -> {
            var stream = router.open()
                    .complete(BODY)
                    .responseHeaders(false, ":status", "200", "content-type", "text/event-stream")
                    .responseBody("data: {\"choices\":[{\"text\":\"a\"}]}\n\n", true);
            assertEquals(List.of(), router.outcomes, "looked at before the echo left");
            stream.toRouter.onError(new IllegalStateException("reset"));
        });
        assertEquals(EndCause.COMPLETED, router.outcomes.getFirst().cause());
        assertEquals(1, router.outcomes.size());
    }

    @Test
    void echoesEventsAtOnceAndTimesTheFirstToken() {
        var stream = router.open().complete(BODY);
        router.nanos.addAndGet(5_000_000);
        stream.responseHeaders(false, ":status", "200", "content-type", "text/event-stream");
        router.nanos.addAndGet(25_000_000);
        stream.responseBody("data: {\"choices\":[{\"text\":\"a\"}]}\n\n", false);
        assertEquals("data: {\"choices\":[{\"text\":\"a\"}]}\n\n", body(stream.last()));
        router.nanos.addAndGet(10_000_000);
        stream.responseBody("data: {\"choices\":[{\"text\":\"b\"}]}\n\ndata: {\"choices\":[{\"te", false);
        router.nanos.addAndGet(10_000_000);
        stream.responseBody(
                "xt\":\"c\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":4}}}\n\ndata: [DONE]\n\n",
                true);
        assertEquals(6, stream.answers.size());
        assertTrue(end(stream.last()));
        var outcome = router.outcomes.getFirst();
        assertEquals(EndCause.COMPLETED, outcome.cause());
        assertEquals(30.0, outcome.ttftMs());
        assertEquals(10.0, outcome.tpotMs());
        assertEquals(new Usage(7, 4, 3), outcome.usage());
        assertTrue(outcome.streaming());
        assertEquals(0, router.fleet.snapshot().endpoints().getFirst().queue().inFlight());
    }

    @Test
    void takesUsageButNoTimesFromADocument() {
        var stream = router.open().complete(PLAIN);
        stream.responseHeaders(false, ":status", "200", "content-type", "application/json")
                .responseBody("{\"usage\":{\"prompt_", false)
                .responseBody("tokens\":5,\"completion_tokens\":9}}", true);
        var outcome = router.outcomes.getFirst();
        assertEquals(new Usage(5, -1, 9), outcome.usage());
        assertNull(outcome.ttftMs());
        assertNull(outcome.tpotMs());
        assertFalse(outcome.streaming());
    }

    @Test
    void doesNotEchoWhatBelongsToOneConnectionNorCollapseRepeatedHeaders() {
        var stream = router.open()
                .responseHeaders(
                        true,
                        ":status",
                        "200",
                        "transfer-encoding",
                        "chunked",
                        "connection",
                        "close",
                        "content-length",
                        "3",
                        "set-cookie",
                        "a",
                        "set-cookie",
                        "b");
        List<String> keys =
                stream.last().getResponseHeaders().getResponse().getHeaderMutation().getSetHeadersList().stream()
                        .map(header -> header.getHeader().getKey())
                        .toList();
        assertEquals(List.of("x-went-into-resp-headers", ":status"), keys);
    }

    @Test
    void attributesTheReplyToWhoServedIt() {
        var stream = router.open().complete(PLAIN);
        Struct lb = Struct.newBuilder()
                .putFields(
                        "x-gateway-destination-endpoint-served",
                        Value.newBuilder().setStringValue("192.168.1.9:8000").build())
                .build();
        stream.send(ProcessingRequest.newBuilder()
                .setMetadataContext(Metadata.newBuilder().putFilterMetadata("envoy.lb", lb))
                .setResponseHeaders(ExtProcHarness.headers(true, ":status", "200")));
        assertEquals("192.168.1.9:8000", router.outcomes.getFirst().servedBy());
    }

    @Test
    void endsTheExchangeOnceHoweverTheStreamEnds() {
        router.open().complete(PLAIN).toRouter.onError(Status.CANCELLED.asRuntimeException());
        assertEquals(EndCause.CLIENT_DISCONNECT, router.outcomes.getLast().cause());
        router.open().complete(PLAIN).toRouter.onCompleted();
        assertEquals(EndCause.CLIENT_DISCONNECT, router.outcomes.getLast().cause());
        var failed = router.open().complete(PLAIN).responseHeaders(true, ":status", "503");
        failed.toRouter.onCompleted();
        assertEquals(EndCause.UPSTREAM_ERROR, router.outcomes.getLast().cause());
        assertTrue(failed.completed);
        router.service.stopping();
        router.open().complete(PLAIN).toRouter.onCompleted();
        assertEquals(EndCause.ROUTER_SHUTDOWN, router.outcomes.getLast().cause());
        assertEquals(4, router.outcomes.size());
        assertEquals(0, router.fleet.snapshot().endpoints().getFirst().queue().inFlight());
    }

    @Test
    void countsAStreamThatSaidItWasDoneAsCompleted() {
        var stream = router.open().complete(BODY);
        stream.responseHeaders(false, ":status", "200", "content-type", "text/event-stream")
                .responseBody("data: {\"choices\":[{\"text\":\"a\"}]}\n\ndata: [DONE]\n\n", false);
        stream.toRouter.onCompleted();
        assertEquals(EndCause.COMPLETED, router.outcomes.getFirst().cause());
    }

    @Test
    void acknowledgesBodiesThatEnvoyOnlyShows() {
        var stream = router.open();
        stream.send(ProcessingRequest.newBuilder()
                .setProtocolConfig(ProtocolConfiguration.newBuilder()
                        .setRequestBodyMode(BodySendMode.BUFFERED)
                        .setResponseBodyMode(BodySendMode.STREAMED))
                .setRequestHeaders(ExtProcHarness.headers(false, ":path", "/v1/completions")));
        assertEquals(1, stream.answers.size());
        stream.requestBody(BODY, true);
        var mutation = stream.last().getRequestBody().getResponse();
        assertTrue(mutation.getClearRouteCache());
        assertEquals(
                "x-gateway-destination-endpoint",
                mutation.getHeaderMutation().getSetHeaders(0).getHeader().getKey());
        assertFalse(mutation.hasBodyMutation());
        stream.responseHeaders(false, ":status", "200", "content-type", "text/event-stream")
                .responseBody("data: {\"choices\":[{\"text\":\"a\"}]}\n\n", true);
        assertFalse(stream.last().getResponseBody().getResponse().hasBodyMutation());
        assertNotNull(router.outcomes.getFirst().ttftMs());
    }

    @Test
    void routesByHeadersWhereTheBodyPassesBy() {
        var stream = router.open();
        stream.send(ProcessingRequest.newBuilder()
                .setProtocolConfig(ProtocolConfiguration.newBuilder().setRequestBodyMode(BodySendMode.STREAMED))
                .setRequestHeaders(ExtProcHarness.headers(false, ":path", "/v1/completions")));
        assertTrue(stream.last().hasRequestHeaders());
        stream.requestBody(BODY, true);
        assertTrue(stream.last().hasRequestBody());
        stream.responseHeaders(false, ":status", "200").toRouter.onCompleted();
        assertEquals(EndCause.COMPLETED, router.outcomes.getFirst().cause());
    }

    @Test
    void routesWithoutLookingInsideWhenAPickFails() throws IOException {
        try (ExtProcHarness broken = new ExtProcHarness(ExtProcSettings.DEFAULT, new FailsOnBlocks())) {
            broken.pool(0);
            var stream = broken.open().complete("{\"model\":\"m\",\"prompt\":\"" + "z".repeat(600) + "\"}");
            assertTrue(stream.answers.getFirst().hasRequestHeaders());
            assertEquals(List.of("pick"), broken.faults);
        }
    }

    /** Stands for any bug that a request's content sets off. */
    private static final class FailsOnBlocks implements PrefixIndex {
        private final PrefixIndex sound = new ApproximatePrefixIndex(1 << 20);

        @Override
        public int match(Endpoint endpoint, long[] blocks) {
            if (blocks.length > 0) {
                throw new IllegalStateException("a bug");
            }
            return sound.match(endpoint, blocks);
        }

        @Override
        public void sent(Endpoint endpoint, long[] blocks) {
            sound.sent(endpoint, blocks);
        }

        @Override
        public void withdrawn(Endpoint endpoint, long[] blocks, int from) {
            sound.withdrawn(endpoint, blocks, from);
        }

        @Override
        public void ended(Endpoint endpoint, long[] blocks, int tokens) {
            sound.ended(endpoint, blocks, tokens);
        }

        @Override
        public void capacity(Endpoint endpoint, long tokens) {
            sound.capacity(endpoint, tokens);
        }

        @Override
        public void retain(Collection<Endpoint> endpoints) {
            sound.retain(endpoints);
        }
    }

    private static String body(ProcessingResponse answer) {
        return answer.getResponseBody()
                .getResponse()
                .getBodyMutation()
                .getStreamedResponse()
                .getBody()
                .toStringUtf8();
    }

    private static boolean end(ProcessingResponse answer) {
        return answer.getResponseBody()
                .getResponse()
                .getBodyMutation()
                .getStreamedResponse()
                .getEndOfStream();
    }
}
