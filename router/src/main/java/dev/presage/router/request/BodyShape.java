package dev.presage.router.request;

import static dev.presage.router.request.RequestParser.ANTHROPIC;
import static dev.presage.router.request.RequestParser.OPENAI;
import static dev.presage.router.request.RequestParser.PASSTHROUGH;
import static dev.presage.router.request.RequestParser.SGLANG_HTTP;
import static dev.presage.router.request.RequestParser.VERTEX_AI;
import static dev.presage.router.request.RequestParser.VLLM_GRPC;
import static dev.presage.router.request.RequestParser.VLLM_HTTP;

import java.util.List;

/**
 * The request bodies that the router reads: whose they are, how their paths end, where the prompt is, and what the contract says
 * when the prompt is missing.
 */
enum BodyShape {
    CHAT(
            OPENAI,
            Api.CHAT,
            List.of("messages"),
            "invalid chat completions request: must have valid messages field",
            List.of("chat/completions", "chat/completions/render")),
    COMPLETIONS(
            OPENAI,
            Api.COMPLETIONS,
            List.of("prompt"),
            "invalid completions request: must have prompt field",
            List.of("completions", "completions/render")),
    RESPONSES(
            OPENAI,
            Api.RESPONSES,
            List.of("input"),
            "invalid responses request: must have input field",
            List.of("responses")),
    CONVERSATIONS(
            OPENAI,
            Api.RESPONSES,
            List.of("items"),
            "invalid conversations request: must have items field",
            List.of("conversations")),
    EMBEDDINGS(
            OPENAI,
            Api.EMBEDDINGS,
            List.of("input"),
            "invalid embeddings request: must have input field",
            List.of("embeddings")),
    IMAGES(
            OPENAI,
            Api.OPAQUE,
            List.of("prompt"),
            "invalid images generations request: must have prompt field",
            List.of("images/generations")),
    MESSAGES(
            ANTHROPIC,
            Api.MESSAGES,
            List.of("messages"),
            "invalid messages request: must have valid messages field",
            List.of("messages")),
    /** No work for an engine's batch: forwarded without looking inside. */
    COUNT_TOKENS(ANTHROPIC, Api.OPAQUE, List.of(), "", List.of("messages/count_tokens")),
    VLLM_GENERATE(
            VLLM_HTTP,
            Api.GENERATE,
            List.of("token_ids"),
            "invalid generate request: must have token_ids field",
            List.of("inference/v1/generate")),
    SGLANG_GENERATE(
            SGLANG_HTTP,
            Api.GENERATE,
            List.of("input_ids"),
            "invalid generate request: must have input_ids field",
            List.of("generate")),
    GRPC_GENERATE(
            VLLM_GRPC,
            Api.GENERATE,
            List.of(),
            "invalid generate request: must have an input",
            List.of("vllm.grpc.engine.VllmEngine/Generate")),
    GRPC_EMBED(
            VLLM_GRPC,
            Api.EMBEDDINGS,
            List.of(),
            "invalid embed request: must have an input",
            List.of("vllm.grpc.engine.VllmEngine/Embed")),
    VERTEX_CHAT(
            VERTEX_AI,
            Api.CHAT,
            List.of("messages"),
            "invalid chat completions request: must have valid messages field",
            List.of("PredictionService/ChatCompletions")),
    /** Whatever the model behind it takes; read as far as it looks like one of OpenAI's. */
    VERTEX_RAW(
            VERTEX_AI,
            Api.CHAT,
            List.of("messages", "prompt", "input"),
            "",
            List.of("PredictionService/RawPredict", "PredictionService/StreamRawPredict")),
    /** Forwarded without looking inside. */
    OPAQUE(PASSTHROUGH, Api.OPAQUE, List.of(), "", List.of());

    final RequestParser parser;
    final Api api;
    final List<String> promptFields;
    final String complaint;
    final List<String> suffixes;

    BodyShape(RequestParser parser, Api api, List<String> promptFields, String complaint, List<String> suffixes) {
        this.parser = parser;
        this.api = api;
        this.promptFields = promptFields;
        this.complaint = complaint;
        this.suffixes = suffixes;
    }

    /** Length of the longest suffix that {@code path} ends in, 0 for none. A suffix is whole segments; a package may stand before a service. */
    int matched(String path) {
        int longest = 0;
        for (String suffix : suffixes) {
            int before = path.length() - suffix.length() - 1;
            boolean whole =
                    before < 0 || path.charAt(before) == '/' || parser == VERTEX_AI && path.charAt(before) == '.';
            if (suffix.length() > longest && path.endsWith(suffix) && whole) {
                longest = suffix.length();
            }
        }
        return longest;
    }

    /** Whether the prompt is a list of turns, which must have at least one. */
    boolean promptIsList() {
        return this == CHAT || this == MESSAGES || this == CONVERSATIONS || this == VERTEX_CHAT;
    }

    /** Whether a body without a model is the client's mistake; some protocols have none. */
    boolean namesModel() {
        return parser == OPENAI || parser == ANTHROPIC || parser == VLLM_HTTP || this == VERTEX_CHAT;
    }
}
