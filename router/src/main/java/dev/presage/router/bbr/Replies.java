package dev.presage.router.bbr;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.TrailersResponse;
import io.grpc.stub.StreamObserver;

/** The messages that go back to Envoy. */
final class Replies {
    /** The contract's bound on the body of one message. */
    private static final int MAX_CHUNK = 62_000;

    /** Makes the message of one chunk. */
    @FunctionalInterface
    interface Framing {
        ProcessingResponse frame(BodyResponse chunk);
    }

    private Replies() {}

    static ProcessingResponse requestHeaders(CommonResponse change) {
        return ProcessingResponse.newBuilder()
                .setRequestHeaders(HeadersResponse.newBuilder().setResponse(change))
                .build();
    }

    static ProcessingResponse requestBody(CommonResponse change) {
        return requestChunk(BodyResponse.newBuilder().setResponse(change).build());
    }

    static ProcessingResponse requestChunk(BodyResponse chunk) {
        return ProcessingResponse.newBuilder().setRequestBody(chunk).build();
    }

    static ProcessingResponse requestTrailers() {
        return ProcessingResponse.newBuilder()
                .setRequestTrailers(TrailersResponse.getDefaultInstance())
                .build();
    }

    static ProcessingResponse responseHeaders() {
        return ProcessingResponse.newBuilder()
                .setResponseHeaders(HeadersResponse.newBuilder().setResponse(CommonResponse.getDefaultInstance()))
                .build();
    }

    static ProcessingResponse responseBody() {
        return responseChunk(BodyResponse.newBuilder()
                .setResponse(CommonResponse.getDefaultInstance())
                .build());
    }

    static ProcessingResponse responseChunk(BodyResponse chunk) {
        return ProcessingResponse.newBuilder().setResponseBody(chunk).build();
    }

    static ProcessingResponse responseTrailers() {
        return ProcessingResponse.newBuilder()
                .setResponseTrailers(TrailersResponse.getDefaultInstance())
                .build();
    }

    /** Sends a body byte for byte; an empty one is one empty chunk. */
    static void chunks(ByteString body, boolean end, Framing framing, StreamObserver<ProcessingResponse> envoy) {
        int from = 0;
        while (body.size() - from > MAX_CHUNK) {
            envoy.onNext(framing.frame(chunk(body.substring(from, from + MAX_CHUNK), false)));
            from += MAX_CHUNK;
        }
        envoy.onNext(framing.frame(chunk(body.substring(from), end)));
    }

    private static BodyResponse chunk(ByteString bytes, boolean end) {
        return BodyResponse.newBuilder()
                .setResponse(CommonResponse.newBuilder()
                        .setBodyMutation(BodyMutation.newBuilder()
                                .setStreamedResponse(StreamedBodyResponse.newBuilder()
                                        .setBody(bytes)
                                        .setEndOfStream(end))))
                .build();
    }
}
