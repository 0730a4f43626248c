package dev.presage.router.bbr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpTrailers;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProtocolConfiguration;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyRoutingStreamTest {
    private static final int MAX_HELD = 100_000;

    private final BaseModels bases = new BaseModels();
    private final List<String> heard = new ArrayList<>();
    private final List<ProcessingResponse> answers = new ArrayList<>();
    private String name = "";
    private Server server = InProcessServerBuilder.forName("unused").build();
    private ManagedChannel channel = InProcessChannelBuilder.forName("unused").build();
    private boolean failed;

    @BeforeEach
    void serve() throws IOException {
        bases.declare("test", List.of(new BaseModels.Declaration("llama", List.of("ski-resorts"))));
        start(false);
    }

    private void start(boolean streaming) throws IOException {
        name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name)
                .directExecutor()
                .addService(new BodyRoutingService(bases, streaming, MAX_HELD, new Heard()))
                .build()
                .start();
        channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void aBufferedBodyChangesTheHeaders() {
        var envoy = open(BodySendMode.BUFFERED);
        envoy.onNext(headers(false));
        assertEquals(
                CommonResponse.getDefaultInstance(),
                answers.getLast().getRequestHeaders().getResponse());
        envoy.onNext(body("{\"prompt\":\"x\",\"model\":\"ski-resorts\"}", true));
        CommonResponse change = answers.getLast().getRequestBody().getResponse();
        assertTrue(change.getClearRouteCache());
        assertFalse(change.hasBodyMutation(), "the body is not touched");
        assertEquals(Map.of("X-Gateway-Model-Name", "ski-resorts", "X-Gateway-Base-Model-Name", "llama"), set(change));
        assertEquals(List.of("routed"), heard);
    }

    @Test
    void whatStreamsBehindAPartlyBufferedBodyChangesNothingAndIsNotCounted() {
        var envoy = open(BodySendMode.BUFFERED_PARTIAL);
        envoy.onNext(headers(false));
        envoy.onNext(body("{\"model\":\"llama\",\"prompt\":\"", false));
        assertEquals(
                "llama", set(answers.getLast().getRequestBody().getResponse()).get("X-Gateway-Model-Name"));
        envoy.onNext(body("x\"}", true));
        assertEquals(
                CommonResponse.getDefaultInstance(),
                answers.getLast().getRequestBody().getResponse());
        assertEquals(List.of("routed"), heard);
    }

    @Test
    void aBaseModelIsItsOwnBaseAndAStrangerHasNone() {
        assertEquals("llama", bases.of(" llama "));
        var envoy = open(BodySendMode.BUFFERED);
        envoy.onNext(headers(false));
        envoy.onNext(body("{\"model\":\"stranger\"}", true));
        assertEquals(
                Map.of("X-Gateway-Model-Name", "stranger", "X-Gateway-Base-Model-Name", ""),
                set(answers.getLast().getRequestBody().getResponse()));
    }

    @Test
    void aStreamedBodyGoesOnAsSoonAsItsModelIsKnown() {
        var envoy = open(BodySendMode.FULL_DUPLEX_STREAMED);
        envoy.onNext(headers(false));
        envoy.onNext(body("{\"mod", false));
        assertEquals(List.of(), answers, "headers wait for the model");
        envoy.onNext(body("el\":\"llama\",\"prompt\":\"", false));
        assertEquals(2, answers.size(), "the rest of the body is not waited for");
        assertEquals(
                "llama",
                set(answers.getFirst().getRequestHeaders().getResponse()).get("X-Gateway-Model-Name"));
        envoy.onNext(body("end\"}", true));
        assertEquals("{\"model\":\"llama\",\"prompt\":\"end\"}", echoed().toStringUtf8());
        assertTrue(streamed(answers.getLast()).getEndOfStream());
    }

    @Test
    void streamedChunksAreCutToTheContractsSize() {
        var envoy = open(BodySendMode.FULL_DUPLEX_STREAMED);
        envoy.onNext(headers(false));
        String body = "{\"prompt\":\"" + "x".repeat(80_000) + "\",\"model\":\"llama\"}";
        envoy.onNext(body(body, true));
        assertEquals(body, echoed().toStringUtf8());
        assertTrue(
                answers.stream().allMatch(answer -> streamed(answer).getBody().size() <= 62_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "{\"prompt\":",
                "[]",
                "{\"prompt\":\"x\"}",
                "{\"model\":7}",
                "{\"model\":\"\"}",
                "{\"model\":\"a\\nb\"}",
                "{\"inner\":{\"model\":\"x\"}}"
            })
    void whatHasNoUsableModelPassesAsItCame(String body) {
        for (BodySendMode mode : List.of(BodySendMode.BUFFERED, BodySendMode.FULL_DUPLEX_STREAMED)) {
            answers.clear();
            heard.clear();
            var envoy = open(mode);
            envoy.onNext(headers(false));
            envoy.onNext(body(body, true));
            envoy.onCompleted();
            assertTrue(answers.stream()
                    .allMatch(answer -> set(answer.getRequestHeaders().getResponse())
                                    .isEmpty()
                            && set(answer.getRequestBody().getResponse()).isEmpty()));
            assertEquals(1, heard.size());
            assertFalse(failed);
            if (mode == BodySendMode.FULL_DUPLEX_STREAMED) {
                assertEquals(body, echoed().toStringUtf8());
            }
        }
    }

    @Test
    void aModelThatComesTooLateIsNotWaitedFor() {
        var envoy = open(BodySendMode.FULL_DUPLEX_STREAMED);
        envoy.onNext(headers(false));
        envoy.onNext(body("{\"prompt\":\"" + "x".repeat(MAX_HELD), false));
        assertTrue(answers.getFirst().hasRequestHeaders());
        envoy.onNext(body("\",\"model\":\"llama\"}", true));
        assertTrue(echoed().toStringUtf8().endsWith("llama\"}"));
        assertEquals(List.of("unreadable"), heard);
    }

    @Test
    void requestsWithoutABodyAndRepliesPass() {
        var envoy = open(BodySendMode.FULL_DUPLEX_STREAMED);
        envoy.onNext(headers(true));
        assertTrue(answers.getLast().hasRequestHeaders());
        envoy.onNext(ProcessingRequest.newBuilder()
                .setResponseHeaders(HttpHeaders.getDefaultInstance())
                .build());
        assertTrue(answers.getLast().hasResponseHeaders());
        envoy.onNext(ProcessingRequest.newBuilder()
                .setResponseBody(HttpBody.newBuilder()
                        .setBody(ByteString.copyFromUtf8("reply"))
                        .setEndOfStream(true))
                .build());
        assertEquals(
                "reply",
                answers.getLast()
                        .getResponseBody()
                        .getResponse()
                        .getBodyMutation()
                        .getStreamedResponse()
                        .getBody()
                        .toStringUtf8());
        envoy.onNext(ProcessingRequest.newBuilder()
                .setResponseTrailers(HttpTrailers.getDefaultInstance())
                .build());
        assertTrue(answers.getLast().hasResponseTrailers());
    }

    @Test
    void trailersEndABody() {
        var envoy = open(BodySendMode.FULL_DUPLEX_STREAMED);
        envoy.onNext(headers(false));
        envoy.onNext(body("{\"prompt\":\"x\"", false));
        envoy.onNext(ProcessingRequest.newBuilder()
                .setRequestTrailers(HttpTrailers.getDefaultInstance())
                .build());
        assertTrue(answers.getFirst().hasRequestHeaders());
        assertEquals("{\"prompt\":\"x\"", echoed().toStringUtf8());
        assertTrue(answers.getLast().hasRequestTrailers());
    }

    @Test
    void theFlagSaysTheModeOfAGatewayThatDoesNot() throws IOException {
        stop();
        start(true);
        var envoy = channelStub();
        envoy.onNext(headers(false));
        assertEquals(List.of(), answers);
        envoy.onNext(body("{\"model\":\"llama\"}", true));
        assertEquals(
                "llama",
                set(answers.getFirst().getRequestHeaders().getResponse()).get("X-Gateway-Model-Name"));
    }

    private StreamObserver<ProcessingRequest> channelStub() {
        return ExternalProcessorGrpc.newStub(channel).process(new StreamObserver<>() {
            @Override
            public void onNext(ProcessingResponse answer) {
                answers.add(answer);
            }

            @Override
            public void onError(Throwable cause) {
                failed = true;
            }

            @Override
            public void onCompleted() {}
        });
    }

    private StreamObserver<ProcessingRequest> open(BodySendMode mode) {
        var stream = channelStub();
        stream.onNext(ProcessingRequest.newBuilder()
                .setProtocolConfig(ProtocolConfiguration.newBuilder()
                        .setRequestBodyMode(mode)
                        .setResponseBodyMode(mode))
                .build());
        return stream;
    }

    private static ProcessingRequest headers(boolean end) {
        return ProcessingRequest.newBuilder()
                .setRequestHeaders(HttpHeaders.newBuilder().setEndOfStream(end))
                .build();
    }

    private static ProcessingRequest body(String text, boolean end) {
        return ProcessingRequest.newBuilder()
                .setRequestBody(HttpBody.newBuilder()
                        .setBody(ByteString.copyFromUtf8(text))
                        .setEndOfStream(end))
                .build();
    }

    private static Map<String, String> set(CommonResponse change) {
        Map<String, String> headers = new TreeMap<>();
        for (HeaderValueOption header : change.getHeaderMutation().getSetHeadersList()) {
            headers.put(
                    header.getHeader().getKey(),
                    header.getHeader().getRawValue().toStringUtf8());
        }
        return headers;
    }

    private static io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse streamed(ProcessingResponse answer) {
        return answer.getRequestBody().getResponse().getBodyMutation().getStreamedResponse();
    }

    private ByteString echoed() {
        return answers.stream().map(answer -> streamed(answer).getBody()).reduce(ByteString.EMPTY, ByteString::concat);
    }

    private final class Heard implements BodyRoutingListener {
        @Override
        public void routed() {
            heard.add("routed");
        }

        @Override
        public void modelAbsent() {
            heard.add("absent");
        }

        @Override
        public void modelUnreadable() {
            heard.add("unreadable");
        }
    }
}
