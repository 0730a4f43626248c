package dev.presage.router.envoy;

import com.google.protobuf.ByteString;
import dev.presage.router.pick.Decision;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.TrailersResponse;

/** The messages that go back to Envoy, field by field as the contract has them. */
final class Answers {
    private Answers() {}

    /** The routed request: answers its headers. */
    static ProcessingResponse requestHeaders(Decision.Routed decision, HeaderMutation mutation, boolean emitScores) {
        return ProcessingResponse.newBuilder()
                .setRequestHeaders(HeadersResponse.newBuilder().setResponse(routed(mutation)))
                .setDynamicMetadata(RoutingMetadata.of(decision, emitScores))
                .build();
    }

    /** The routed request where Envoy holds the headers until the buffered body is answered. */
    static ProcessingResponse bufferedRequestBody(
            Decision.Routed decision, HeaderMutation mutation, boolean emitScores) {
        return ProcessingResponse.newBuilder()
                .setRequestBody(BodyResponse.newBuilder().setResponse(routed(mutation)))
                .setDynamicMetadata(RoutingMetadata.of(decision, emitScores))
                .build();
    }

    private static CommonResponse routed(HeaderMutation mutation) {
        return CommonResponse.newBuilder()
                .setHeaderMutation(mutation)
                .setClearRouteCache(true)
                .build();
    }

    /** Leaves the request headers as they are, for now. */
    static ProcessingResponse requestHeadersUnchanged() {
        return ProcessingResponse.newBuilder()
                .setRequestHeaders(HeadersResponse.newBuilder().setResponse(CommonResponse.getDefaultInstance()))
                .build();
    }

    static ProcessingResponse responseHeaders(HeaderMutation mutation) {
        return ProcessingResponse.newBuilder()
                .setResponseHeaders(HeadersResponse.newBuilder()
                        .setResponse(CommonResponse.newBuilder().setHeaderMutation(mutation)))
                .build();
    }

    static ProcessingResponse requestBody(ByteString body, boolean end) {
        return ProcessingResponse.newBuilder()
                .setRequestBody(streamed(body, end))
                .build();
    }

    static ProcessingResponse responseBody(ByteString body, boolean end) {
        return ProcessingResponse.newBuilder()
                .setResponseBody(streamed(body, end))
                .build();
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

    static ProcessingResponse requestBodyUnchanged() {
        return ProcessingResponse.newBuilder()
                .setRequestBody(BodyResponse.newBuilder().setResponse(CommonResponse.getDefaultInstance()))
                .build();
    }

    static ProcessingResponse responseBodyUnchanged() {
        return ProcessingResponse.newBuilder()
                .setResponseBody(BodyResponse.newBuilder().setResponse(CommonResponse.getDefaultInstance()))
                .build();
    }

    static ProcessingResponse requestBodyReplaced(ByteString body) {
        return ProcessingResponse.newBuilder()
                .setRequestBody(BodyResponse.newBuilder().setResponse(replaced(body)))
                .build();
    }

    static ProcessingResponse responseBodyReplaced(ByteString body) {
        return ProcessingResponse.newBuilder()
                .setResponseBody(BodyResponse.newBuilder().setResponse(replaced(body)))
                .build();
    }

    /** The answer to a buffered body, with another body in its place. */
    static ProcessingResponse withBody(ProcessingResponse answer, ByteString body) {
        ProcessingResponse.Builder changed = answer.toBuilder();
        changed.getRequestBodyBuilder().getResponseBuilder().mergeFrom(replaced(body));
        return changed.build();
    }

    private static CommonResponse replaced(ByteString body) {
        return CommonResponse.newBuilder()
                .setBodyMutation(BodyMutation.newBuilder().setBody(body))
                .build();
    }

    static ProcessingResponse requestTrailers() {
        return ProcessingResponse.newBuilder()
                .setRequestTrailers(TrailersResponse.getDefaultInstance())
                .build();
    }

    static ProcessingResponse responseTrailers() {
        return ProcessingResponse.newBuilder()
                .setResponseTrailers(TrailersResponse.getDefaultInstance())
                .build();
    }

    static HeaderValueOption header(String key, ByteString value) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(key).setRawValue(value))
                .build();
    }

    static HeaderValueOption header(String key, String value) {
        return header(key, ByteString.copyFromUtf8(value));
    }
}
