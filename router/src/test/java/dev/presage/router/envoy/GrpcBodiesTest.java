package dev.presage.router.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.Usage;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.GrpcMessages;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.RequestFormats;
import dev.presage.router.request.RequestParser;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** vLLM's gRPC calls through the external processor, with the parser that reads them. */
class GrpcBodiesTest {
    private static final String GENERATE = "/vllm.grpc.engine.VllmEngine/Generate";

    private ExtProcHarness router;

    @BeforeEach
    void start() throws IOException {
        RequestFormats grpc = new RequestFormats(List.of(RequestParser.VLLM_GRPC));
        router = new ExtProcHarness(
                new ExtProcSettings(true, false, 1 << 20, grpc), new ApproximatePrefixIndex(1 << 20));
    }

    @AfterEach
    void stop() {
        router.close();
    }

    @Test
    void aCallIsRoutedAsItIsHoweverItWasCut() {
        router.pool(3, 0, 10);
        byte[] body = GrpcMessages.frame(0, GrpcMessages.generate(true, 10, 1, 2, 3));
        var stream = router.open().requestHeaders(false, ":path", GENERATE);
        stream.requestBody(ByteString.copyFrom(body, 0, 3), false)
                .requestBody(ByteString.copyFrom(body, 3, 9), false)
                .requestBody(ByteString.copyFrom(body, 12, body.length - 12), true);
        assertEquals(ByteString.copyFrom(body), stream.echoedRequest());
        InferenceRequest request = router.decisions.getFirst().candidates().request();
        assertEquals(3, request.promptTokens());
        assertEquals("192.168.1.2:8000", router.decisions.getFirst().endpoint().address());
    }

    @Test
    void usageOfAStreamIsReadAndItsFirstTokenTimed() {
        router.pool(0);
        byte[] body = GrpcMessages.frame(0, GrpcMessages.generate(true, 10, 1, 2, 3));
        var stream =
                router.open().requestHeaders(false, ":path", GENERATE).requestBody(ByteString.copyFrom(body), true);
        router.nanos.addAndGet(20_000_000);
        stream.responseHeaders(false, ":status", "200", "content-type", "application/grpc");
        reply(stream, chunk(), false);
        router.nanos.addAndGet(10_000_000);
        reply(stream, chunk().concat(complete()), true);
        Outcome outcome = router.outcomes.getFirst();
        assertTrue(outcome.streaming());
        assertEquals(20.0, outcome.ttftMs());
        assertEquals(10.0, outcome.tpotMs());
        assertEquals(new Usage(3, 1, 2), outcome.usage());
    }

    @Test
    void usageOfAnAnswerInOnePieceIsReadWithoutTimes() {
        router.pool(0);
        byte[] body = GrpcMessages.frame(0, GrpcMessages.generate(false, 10, 1, 2, 3));
        var stream =
                router.open().requestHeaders(false, ":path", GENERATE).requestBody(ByteString.copyFrom(body), true);
        stream.responseHeaders(false, ":status", "200", "content-type", "application/grpc");
        reply(stream, complete(), true);
        Outcome outcome = router.outcomes.getFirst();
        assertFalse(outcome.streaming());
        assertEquals(new Usage(3, 1, 2), outcome.usage());
    }

    @Test
    void whatIsNoCallIsRefused() {
        router.pool(0);
        var stream = router.open().requestHeaders(false, ":path", GENERATE).requestBody("no frame", true);
        assertEquals(400, stream.last().getImmediateResponse().getStatus().getCodeValue());
        stream = router.open().requestHeaders(false, ":path", "/v1/completions").requestBody("{}", true);
        assertEquals(
                "inference error: BadRequest - no parser registered matching path suffix for: /v1/completions",
                stream.last().getImmediateResponse().getBody().toStringUtf8());
    }

    private static void reply(ExtProcHarness.Stream stream, ByteString body, boolean end) {
        stream.send(ProcessingRequest.newBuilder()
                .setResponseBody(HttpBody.newBuilder().setBody(body).setEndOfStream(end)));
    }

    private static ByteString chunk() {
        byte[] chunk = GrpcMessages.message(out -> {
            out.writeByteArray(1, new byte[] {7});
            out.writeUInt32(2, 3);
        });
        return ByteString.copyFrom(GrpcMessages.frame(0, GrpcMessages.message(out -> out.writeByteArray(2, chunk))));
    }

    private static ByteString complete() {
        byte[] complete = GrpcMessages.message(out -> {
            out.writeUInt32(3, 3);
            out.writeUInt32(4, 2);
            out.writeUInt32(5, 1);
        });
        return ByteString.copyFrom(GrpcMessages.frame(0, GrpcMessages.message(out -> out.writeByteArray(3, complete))));
    }
}
