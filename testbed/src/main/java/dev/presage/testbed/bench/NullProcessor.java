package dev.presage.testbed.bench;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The floor: an external processor on the router's own stack that reads nothing, decides nothing and logs nothing. It answers in
 * the same order: destination when the body is complete, then the body back, then the reply as it comes. A process of its own,
 * so that its processor time can be told apart.
 */
final class NullProcessor extends ExternalProcessorGrpc.ExternalProcessorImplBase {
    private static final int FLOW_WINDOW = 1 << 20;
    private static final int READ_BYTES = 32 * 1024;
    private static final ProcessingResponse REPLY_HEADERS = ProcessingResponse.newBuilder()
            .setResponseHeaders(HeadersResponse.getDefaultInstance())
            .build();

    private final List<ProcessingResponse> routed;
    private final AtomicInteger turn = new AtomicInteger();

    private NullProcessor(List<String> destinations) {
        routed = destinations.stream().map(NullProcessor::routed).toList();
    }

    private static ProcessingResponse routed(String destination) {
        return ProcessingResponse.newBuilder()
                .setRequestHeaders(HeadersResponse.newBuilder()
                        .setResponse(CommonResponse.newBuilder()
                                .setHeaderMutation(HeaderMutation.newBuilder()
                                        .addSetHeaders(HeaderValueOption.newBuilder()
                                                .setHeader(HeaderValue.newBuilder()
                                                        .setKey(DecisionCall.DESTINATION)
                                                        .setRawValue(ByteString.copyFromUtf8(destination)))))
                                .setClearRouteCache(true)))
                .build();
    }

    /** Serves until the process is ended; says where on standard output. The arguments are where requests go, in turn. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .directExecutor()
                .flowControlWindow(FLOW_WINDOW)
                .withChildOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1))
                .addService(new NullProcessor(List.of(args)))
                .build()
                .start();
        System.out.println("serving ext_proc on 127.0.0.1:" + server.getPort());
        server.awaitTermination();
    }

    @Override
    public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> envoy) {
        return new Echo(envoy, routed.get(Math.floorMod(turn.getAndIncrement(), routed.size())));
    }

    private static final class Echo implements StreamObserver<ProcessingRequest> {
        private final StreamObserver<ProcessingResponse> envoy;
        private final ProcessingResponse routed;
        private ByteString held = ByteString.EMPTY;

        Echo(StreamObserver<ProcessingResponse> envoy, ProcessingResponse routed) {
            this.envoy = envoy;
            this.routed = routed;
        }

        @Override
        public void onNext(ProcessingRequest message) {
            switch (message.getRequestCase()) {
                case REQUEST_BODY -> requestBody(message.getRequestBody());
                case RESPONSE_HEADERS -> envoy.onNext(REPLY_HEADERS);
                case RESPONSE_BODY ->
                    envoy.onNext(ProcessingResponse.newBuilder()
                            .setResponseBody(streamed(
                                    message.getResponseBody().getBody(),
                                    message.getResponseBody().getEndOfStream()))
                            .build());
                case REQUEST_HEADERS, REQUEST_TRAILERS, RESPONSE_TRAILERS, REQUEST_NOT_SET -> {}
            }
        }

        private void requestBody(HttpBody body) {
            held = held.concat(body.getBody());
            if (!body.getEndOfStream()) {
                return;
            }
            envoy.onNext(routed);
            int from = 0;
            do {
                int to = Math.min(held.size(), from + Prompts.CHUNK);
                envoy.onNext(ProcessingResponse.newBuilder()
                        .setRequestBody(streamed(held.substring(from, to), to == held.size()))
                        .build());
                from = to;
            } while (from < held.size());
        }

        private static BodyResponse streamed(ByteString body, boolean end) {
            return BodyResponse.newBuilder()
                    .setResponse(CommonResponse.newBuilder()
                            .setBodyMutation(BodyMutation.newBuilder()
                                    .setStreamedResponse(StreamedBodyResponse.newBuilder()
                                            .setBody(body)
                                            .setEndOfStream(end))))
                    .build();
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {
            envoy.onCompleted();
        }
    }
}
