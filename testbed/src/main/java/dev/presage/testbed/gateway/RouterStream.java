package dev.presage.testbed.gateway;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One ext_proc stream seen from the gateway: sends what a client or replica said, hands out what the router answered. One
 * thread sends at a time, one receives. Bounded by the bodies that the front door takes.
 */
final class RouterStream implements AutoCloseable {
    private sealed interface Received {
        record Message(ProcessingResponse response) implements Received {}

        record Closed(String why) implements Received {}
    }

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final Inbox inbox = new Inbox();

    private final class Inbox implements ClientResponseObserver<ProcessingRequest, ProcessingResponse> {
        @Override
        public void beforeStart(ClientCallStreamObserver<ProcessingRequest> stream) {}

        @Override
        public void onNext(ProcessingResponse response) {
            received.add(new Received.Message(response));
        }

        @Override
        public void onError(Throwable cause) {
            received.add(new Received.Closed(cause.toString()));
        }

        @Override
        public void onCompleted() {
            received.add(new Received.Closed("the router ended the stream"));
        }
    }

    private final ClientCallStreamObserver<ProcessingRequest> router;

    RouterStream(ManagedChannel channel) {
        router = (ClientCallStreamObserver<ProcessingRequest>)
                ExternalProcessorGrpc.newStub(channel).process(inbox);
    }

    void requestHeaders(Map<String, String> headers, boolean end) {
        router.onNext(ProcessingRequest.newBuilder()
                .setRequestHeaders(
                        HttpHeaders.newBuilder().setHeaders(map(headers)).setEndOfStream(end))
                .build());
    }

    void requestBody(ByteString bytes, boolean end) {
        router.onNext(
                ProcessingRequest.newBuilder().setRequestBody(body(bytes, end)).build());
    }

    void responseHeaders(Map<String, String> headers) {
        router.onNext(ProcessingRequest.newBuilder()
                .setResponseHeaders(HttpHeaders.newBuilder().setHeaders(map(headers)))
                .build());
    }

    void responseBody(ByteString bytes, boolean end) {
        router.onNext(
                ProcessingRequest.newBuilder().setResponseBody(body(bytes, end)).build());
    }

    /** The router's next message; an {@link IOException} when the stream is over. */
    ProcessingResponse next() throws IOException, InterruptedException {
        return switch (received.take()) {
            case Received.Message message -> message.response();
            case Received.Closed closed -> throw new IOException("router: " + closed.why());
        };
    }

    /** What of a header mutation a header is set to. */
    static Optional<String> header(io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation mutation, String name) {
        return mutation.getSetHeadersList().stream()
                .map(option -> option.getHeader())
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(header -> header.getRawValue().isEmpty()
                        ? header.getValue()
                        : header.getRawValue().toStringUtf8())
                .findFirst();
    }

    private static HttpBody body(ByteString bytes, boolean end) {
        return HttpBody.newBuilder().setBody(bytes).setEndOfStream(end).build();
    }

    private static HeaderMap map(Map<String, String> headers) {
        HeaderMap.Builder map = HeaderMap.newBuilder();
        headers.forEach((key, value) ->
                map.addHeaders(HeaderValue.newBuilder().setKey(key).setRawValue(ByteString.copyFromUtf8(value))));
        return map.build();
    }

    /** Ends our side, which tells the router that the exchange is complete. */
    @Override
    public void close() {
        router.onCompleted();
    }

    /** Breaks the stream off, which tells the router that the client is gone. */
    void cancel() {
        router.cancel("exchange broken off", null);
    }
}
