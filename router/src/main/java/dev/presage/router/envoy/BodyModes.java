package dev.presage.router.envoy;

import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;

/** How Envoy sends the two bodies and expects them answered; it says so in its first message. */
record BodyModes(BodySendMode request, BodySendMode response) {
    /** What the contract's deployments use, and what a client that does not say means. */
    static final BodyModes FULL_DUPLEX =
            new BodyModes(BodySendMode.FULL_DUPLEX_STREAMED, BodySendMode.FULL_DUPLEX_STREAMED);

    static BodyModes of(ProcessingRequest first) {
        return first.hasProtocolConfig()
                ? new BodyModes(
                        first.getProtocolConfig().getRequestBodyMode(),
                        first.getProtocolConfig().getResponseBodyMode())
                : FULL_DUPLEX;
    }

    /** Whether the answer to the request headers may wait for the body. */
    boolean defersRequestHeaders() {
        return request == BodySendMode.FULL_DUPLEX_STREAMED;
    }

    /** Whether the request body comes whole, after its headers were answered, and can still change them. */
    boolean buffersRequest() {
        return request == BodySendMode.BUFFERED || request == BodySendMode.BUFFERED_PARTIAL;
    }

    /** Whether the request body comes in pieces that Envoy forwards when they are answered. */
    boolean streamsRequest() {
        return request == BodySendMode.STREAMED;
    }

    /** Whether the one message of the request body is all of it, whatever it says of the end: trailers may follow. */
    boolean buffersWholeRequest() {
        return request == BodySendMode.BUFFERED;
    }

    /** Whether the one message of the response body is all that is shown of it. */
    boolean buffersResponse() {
        return response == BodySendMode.BUFFERED || response == BodySendMode.BUFFERED_PARTIAL;
    }

    /** Whether response chunks are sent back rather than acknowledged. */
    boolean echoesResponse() {
        return response == BodySendMode.FULL_DUPLEX_STREAMED;
    }

    /** Whether the end of the reply is seen. */
    boolean seesResponseBody() {
        return response != BodySendMode.NONE && response != BodySendMode.UNRECOGNIZED;
    }
}
