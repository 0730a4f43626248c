package dev.presage.router.observe;

import dev.presage.router.body.Inflating;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * What request and headers tell of a reply before its body comes.
 *
 * @param contentType lower case
 * @param contentEncoding empty for none
 * @param grpcEncoding of compressed gRPC messages, empty for none
 * @param api what the request spoke
 * @param streamAsked whether the client asked for a streamed reply
 */
public record ReplyHead(String contentType, String contentEncoding, String grpcEncoding, Api api, boolean streamAsked) {
    /** An inflated reply is watched so far: more than any engine generates. */
    private static final long MAX_INFLATED_BYTES = 1L << 30;

    public ReplyHead {
        contentType = contentType.toLowerCase(Locale.ROOT);
    }

    /** Reads the headers; {@code header} gives a value by lower-case name, empty when there is none. */
    public static ReplyHead of(InferenceRequest request, UnaryOperator<String> header) {
        return new ReplyHead(
                header.apply("content-type"),
                header.apply("content-encoding"),
                header.apply("grpc-encoding"),
                request.api(),
                request.stream());
    }

    /** Whether tokens come one by one. */
    public boolean streams() {
        return isEvents() || isGrpc() && streamAsked;
    }

    private boolean isEvents() {
        return contentType.contains("text/event-stream");
    }

    private boolean isGrpc() {
        return contentType.startsWith("application/grpc");
    }

    /** A reader for the body. */
    public ReplyReader reader() {
        if (Inflating.isIdentity(contentEncoding)) {
            return plain();
        }
        return Inflating.of(contentEncoding, MAX_INFLATED_BYTES)
                .<ReplyReader>map(inflating -> new InflatedReplyReader(inflating, plain()))
                .orElse(UnreadReply.INSTANCE);
    }

    private ReplyReader plain() {
        if (isGrpc()) {
            return new GrpcReplyReader(
                    switch (api) {
                        case EMBEDDINGS -> GrpcReplyReader.Call.EMBED;
                        case GENERATE -> GrpcReplyReader.Call.GENERATE;
                        case CHAT, COMPLETIONS, RESPONSES, MESSAGES, OPAQUE -> GrpcReplyReader.Call.HTTP_BODY;
                    },
                    grpcEncoding);
        }
        return isEvents() ? new SseReader() : new JsonReplyReader();
    }
}
