package dev.presage.router.request;

import java.util.function.UnaryOperator;

/**
 * What the headers tell of a body before it comes.
 *
 * @param path without its query
 * @param contentEncoding empty for none
 * @param grpcEncoding of compressed gRPC messages, empty for none
 * @param video what the client says of its videos
 */
public record RequestHead(String path, String contentEncoding, String grpcEncoding, VideoHint video) {
    public RequestHead {
        int query = path.indexOf('?');
        path = query < 0 ? path : path.substring(0, query);
    }

    /** A head of nothing but a path. */
    public static RequestHead of(String path) {
        return new RequestHead(path, "", "", VideoHint.NONE);
    }

    /** Reads the headers; {@code header} gives a value by lower-case name, empty when there is none. */
    public static RequestHead of(String path, UnaryOperator<String> header) {
        return new RequestHead(
                path, header.apply("content-encoding"), header.apply("grpc-encoding"), VideoHint.of(header));
    }
}
