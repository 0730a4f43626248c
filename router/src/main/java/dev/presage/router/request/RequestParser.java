package dev.presage.router.request;

import java.util.Arrays;
import java.util.Optional;

/** The parsers that a configuration can name under {@code requestHandler.parsers}. */
public enum RequestParser {
    OPENAI("openai-parser"),
    ANTHROPIC("anthropic-parser"),
    VLLM_HTTP("vllmhttp-parser"),
    SGLANG_HTTP("sglanghttp-parser"),
    VLLM_GRPC("vllmgrpc-parser"),
    VERTEX_AI("vertexai-parser"),
    /** Takes every path and looks into nothing; parsers behind it are never asked. */
    PASSTHROUGH("passthrough-parser");

    private final String type;

    RequestParser(String type) {
        this.type = type;
    }

    /** The plugin type that the contract calls it. */
    public String type() {
        return type;
    }

    /** The parser of a plugin type, if it is one. */
    public static Optional<RequestParser> ofType(String type) {
        return Arrays.stream(values())
                .filter(parser -> parser.type.equals(type))
                .findFirst();
    }
}
