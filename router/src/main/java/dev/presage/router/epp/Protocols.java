package dev.presage.router.epp;

import dev.presage.router.request.RequestParser;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The application protocols whose requests a router with these parsers reads: JSON over HTTP, and gRPC over cleartext HTTP/2. */
final class Protocols {
    private static final String H2C = "kubernetes.io/h2c";

    private Protocols() {}

    /**
     * Whether every parser reads what a pool's model servers speak; a pool that does not say speaks any.
     *
     * @param parsers by plugin type
     */
    static boolean match(Optional<String> appProtocol, List<String> parsers) {
        return appProtocol
                .map(protocol -> parsers.stream()
                        .flatMap(type -> RequestParser.ofType(type).stream())
                        .map(Protocols::readBy)
                        .allMatch(read -> read.isEmpty() || read.contains(protocol)))
                .orElse(true);
    }

    /** None stand for all. */
    private static Set<String> readBy(RequestParser parser) {
        return switch (parser) {
            case OPENAI, ANTHROPIC, VLLM_HTTP, SGLANG_HTTP -> Set.of("http", H2C);
            case VLLM_GRPC, VERTEX_AI -> Set.of(H2C);
            case PASSTHROUGH -> Set.of();
        };
    }
}
