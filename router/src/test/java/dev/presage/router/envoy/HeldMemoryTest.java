package dev.presage.router.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What long bodies cost: what is held is bounded, and answers do not pile up behind a gateway that does not read. */
class HeldMemoryTest {
    private static final int MAX_HELD = 1 << 20;
    private static final int CHUNK = 1 << 18;
    private static final int BODY = 20 << 20;
    private static final int STREAMS = 8;

    @Test
    void longBodiesAreHeldToTheBoundAndNoFurther() throws IOException {
        try (ExtProcHarness router =
                new ExtProcHarness(new ExtProcSettings(true, false, MAX_HELD), new ApproximatePrefixIndex(1 << 20))) {
            router.pool(0);
            long before = used();
            List<ExtProcHarness.Stream> open = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                var stream = router.open().requestHeaders(false, ":path", "/v1/completions");
                stream.requestBody("{\"model\":\"m\",\"prompt\":\"", false);
                for (int sent = 0; sent < BODY; sent += CHUNK) {
                    stream.requestBody(chunk(), false);
                    stream.answers.clear();
                }
                open.add(stream);
            }
            long growth = used() - before;
            assertEquals(STREAMS, router.overLimit.size());
            assertTrue(
                    router.overLimit.stream().allMatch(held -> held <= MAX_HELD + CHUNK), "held " + router.overLimit);
            assertTrue(growth < (long) STREAMS * 2 * MAX_HELD, growth + " bytes for " + open.size() + " streams");
        }
    }

    @Test
    void repliesAreHeldToTheBoundAndNoFurther() throws IOException {
        try (ExtProcHarness router =
                new ExtProcHarness(new ExtProcSettings(true, false, MAX_HELD), new ApproximatePrefixIndex(1 << 20))) {
            router.pool(0);
            var stream = router.open().responseHeaders(false, "content-type", "application/json");
            int beforeFirst = 0;
            for (int sent = 0; stream.answers.size() == 1 && sent < BODY; sent += CHUNK) {
                stream.responseBody("x".repeat(CHUNK), false);
                beforeFirst += CHUNK;
            }
            assertEquals(MAX_HELD + CHUNK, beforeFirst, "held before the first byte went on");
        }
    }

    /** A gateway that takes no answers is not read from, so that nothing but flow control holds its bytes. */
    @Test
    void aGatewayThatDoesNotReadIsNotReadFrom() throws IOException {
        try (ExtProcHarness router =
                new ExtProcHarness(new ExtProcSettings(true, false, 0), new ApproximatePrefixIndex(1 << 20))) {
            router.pool(0);
            Deaf gateway = new Deaf();
            var toRouter = ExternalProcessorGrpc.newStub(router.channel()).process(gateway);
            toRouter.onNext(ProcessingRequest.newBuilder()
                    .setRequestHeaders(HttpHeaders.newBuilder()
                            .setHeaders(HeaderMap.newBuilder()
                                    .addHeaders(HeaderValue.newBuilder().setKey(":path"))))
                    .build());
            ProcessingRequest body = ProcessingRequest.newBuilder()
                    .setRequestBody(HttpBody.newBuilder().setBody(chunk()))
                    .build();
            int accepted = 0;
            while (gateway.call().isReady() && accepted < 1000) {
                toRouter.onNext(body);
                accepted++;
            }
            assertTrue(accepted < 10, "the router took " + accepted + " messages that it could not answer");
            gateway.call().request(10_000);
            assertTrue(gateway.call().isReady(), "it goes on when the gateway reads");
        }
    }

    private static ByteString chunk() {
        return ByteString.copyFrom("z".repeat(CHUNK), StandardCharsets.US_ASCII);
    }

    private static long used() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static final class Deaf implements ClientResponseObserver<ProcessingRequest, ProcessingResponse> {
        private final List<ClientCallStreamObserver<ProcessingRequest>> calls = new ArrayList<>();

        ClientCallStreamObserver<ProcessingRequest> call() {
            return calls.getFirst();
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ProcessingRequest> call) {
            call.disableAutoRequestWithInitial(0);
            calls.add(call);
        }

        @Override
        public void onNext(ProcessingResponse answer) {}

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {}
    }
}
