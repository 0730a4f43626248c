package dev.presage.router.request;

import java.util.Map;

/**
 * One request as the picker sees it. Made by the adapter that read the bytes; immutable (the block array is never modified).
 *
 * @param id unique within the router's life and across routers; key of the event log
 * @param clientRequestId the client's {@code x-request-id}, not necessarily unique
 * @param requestedModel the model name that the client asked for; empty when unknown
 * @param model the model name that the backend will see, after rewriting; empty when unknown
 * @param promptTokens estimated prompt length, at least 0
 * @param prefixBlocks chained hashes of the prompt's blocks of {@link #BLOCK_TOKENS} tokens, first block first
 * @param maxTokens the client's bound on output tokens, 0 when it gave none
 * @param stream whether the client asked for a streamed reply
 * @param priority higher is more important; 0 by default
 * @param mediaParts images, videos and sounds in the prompt
 * @param headers the client's headers by lower-case name, for plugins that look at them; never logged
 */
public record InferenceRequest(
        String id,
        String clientRequestId,
        String requestedModel,
        String model,
        Api api,
        int promptTokens,
        long[] prefixBlocks,
        int maxTokens,
        boolean stream,
        int priority,
        int mediaParts,
        Map<String, String> headers) {

    /** Tokens in a prefix block, as in the contract's approximate prefix cache. */
    public static final int BLOCK_TOKENS = 64;

    private static final long[] NO_BLOCKS = {};

    public InferenceRequest {
        if (id.isEmpty()) {
            throw new IllegalArgumentException("id must not be empty");
        }
        if (promptTokens < 0) {
            throw new IllegalArgumentException("promptTokens " + promptTokens + " must not be negative");
        }
        if (maxTokens < 0) {
            throw new IllegalArgumentException("maxTokens " + maxTokens + " must not be negative");
        }
        if (mediaParts < 0) {
            throw new IllegalArgumentException("mediaParts " + mediaParts + " must not be negative");
        }
        headers = Map.copyOf(headers);
    }

    /** A request of nothing but text. */
    public InferenceRequest(
            String id,
            String clientRequestId,
            String requestedModel,
            String model,
            Api api,
            int promptTokens,
            long[] prefixBlocks,
            int maxTokens,
            boolean stream,
            int priority,
            Map<String, String> headers) {
        this(
                id,
                clientRequestId,
                requestedModel,
                model,
                api,
                promptTokens,
                prefixBlocks,
                maxTokens,
                stream,
                priority,
                0,
                headers);
    }

    /** A request whose content is not looked at. */
    public static InferenceRequest opaque(String id, String clientRequestId) {
        return new InferenceRequest(id, clientRequestId, "", "", Api.OPAQUE, 0, NO_BLOCKS, 0, false, 0, Map.of());
    }

    /** The same request with what its headers say. */
    public InferenceRequest with(int headerPriority, Map<String, String> clientHeaders) {
        return new InferenceRequest(
                id,
                clientRequestId,
                requestedModel,
                model,
                api,
                promptTokens,
                prefixBlocks,
                maxTokens,
                stream,
                headerPriority,
                mediaParts,
                clientHeaders);
    }

    /** The same request without anything that its prompt or headers say: only its ids, its models and its priority are left. */
    public InferenceRequest withoutContent() {
        return new InferenceRequest(
                id, clientRequestId, requestedModel, model, Api.OPAQUE, 0, NO_BLOCKS, 0, stream, priority, Map.of());
    }
}
