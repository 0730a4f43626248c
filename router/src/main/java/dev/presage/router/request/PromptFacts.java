package dev.presage.router.request;

import java.util.Map;

/** What has been learned of one request, whatever the format of its body. Holds lengths and hashes, no text. */
final class PromptFacts {
    private final PromptDigest head = new PromptDigest();
    private final PromptDigest prompt = new PromptDigest();
    private String model = "";
    private boolean modelSeen;
    private ByteSpan modelSpan = ByteSpan.NONE;
    private String salt = "";
    private boolean stream;
    private int maxTokens;
    private int maxCompletionTokens;
    private int mediaParts;

    /** What engines put in front of the prompt. */
    PromptDigest head() {
        return head;
    }

    PromptDigest prompt() {
        return prompt;
    }

    void model(String name, ByteSpan span) {
        modelSeen = true;
        model = name;
        modelSpan = span;
    }

    String model() {
        return model;
    }

    /** Whether the body has the member, and with a value that names nothing and cannot be replaced by a name. */
    boolean modelIsNoText() {
        return modelSeen && modelSpan.isEmpty();
    }

    ByteSpan modelSpan() {
        return modelSpan;
    }

    void salt(String cacheSalt) {
        salt = cacheSalt;
    }

    void stream(boolean wanted) {
        stream = wanted;
    }

    void media(MediaPart part) {
        mediaParts++;
        prompt.placeholder(part.identity(), part.tokens());
    }

    /** A number that may bound the output. */
    void bound(BodyShape shape, String name, double value) {
        int tokens = (int) Math.clamp(value, 0, Integer.MAX_VALUE);
        switch (name) {
            case "max_completion_tokens" -> maxCompletionTokens = tokens;
            case "max_output_tokens" -> maxTokens = shape == BodyShape.RESPONSES ? tokens : maxTokens;
            case "max_new_tokens" -> maxTokens = shape == BodyShape.SGLANG_GENERATE ? tokens : maxTokens;
            case "max_tokens" -> maxTokens = tokens;
            default -> {}
        }
    }

    long[] blocksFor(String target) {
        return PrefixChain.of(target, salt, head, prompt);
    }

    InferenceRequest request(BodyShape shape, String id, String clientRequestId) {
        long bytes = head.bytes() + prompt.bytes();
        long tokens = (bytes + PromptDigest.BYTES_PER_TOKEN - 1) / PromptDigest.BYTES_PER_TOKEN;
        boolean chat = shape == BodyShape.CHAT || shape == BodyShape.VERTEX_CHAT;
        return new InferenceRequest(
                id,
                clientRequestId,
                model,
                model,
                shape.api,
                (int) Math.min(tokens, Integer.MAX_VALUE),
                blocksFor(model),
                chat && maxCompletionTokens > 0 ? maxCompletionTokens : maxTokens,
                stream,
                0,
                mediaParts,
                Map.of());
    }
}
