package dev.presage.testbed.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Writes one answer in OpenAI's forms: whole, or as the data of server-sent events. */
final class AnswerJson {
    private final Completion completion;
    private final String id;
    private final long createdSeconds;
    private final int promptTokens;

    AnswerJson(Completion completion, String id, long createdSeconds, int promptTokens) {
        this.completion = completion;
        this.id = id;
        this.createdSeconds = createdSeconds;
        this.promptTokens = promptTokens;
    }

    /** The whole answer. */
    String whole(String text, int cachedTokens) {
        ObjectNode root = root(completion.chat() ? "chat.completion" : "text_completion");
        ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
        if (completion.chat()) {
            choice.putObject("message").put("role", "assistant").put("content", text);
        } else {
            choice.put("text", text);
        }
        choice.putNull("logprobs").put("finish_reason", completion.finishReason());
        usage(root, completion.outputTokens(), cachedTokens);
        return root.toString();
    }

    /** The chunk that opens a chat stream. */
    String role() {
        ObjectNode root = root("chat.completion.chunk");
        ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
        choice.putObject("delta").put("role", "assistant").put("content", "");
        choice.putNull("logprobs").putNull("finish_reason");
        return root.toString();
    }

    /** The chunk of one token; the last one says why the answer ends. */
    String token(String text, boolean last) {
        ObjectNode root = root(completion.chat() ? "chat.completion.chunk" : "text_completion");
        ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
        if (completion.chat()) {
            choice.putObject("delta").put("content", text);
        } else {
            choice.put("text", text);
        }
        @Nullable String reason = last ? completion.finishReason() : null;
        choice.putNull("logprobs").put("finish_reason", reason);
        return root.toString();
    }

    /** The chunk with the token counts. */
    String usage(int cachedTokens) {
        ObjectNode root = root(completion.chat() ? "chat.completion.chunk" : "text_completion");
        root.putArray("choices");
        usage(root, completion.outputTokens(), cachedTokens);
        return root.toString();
    }

    private ObjectNode root(String object) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", object)
                .put("created", createdSeconds)
                .put("model", completion.model());
    }

    private void usage(ObjectNode root, int outputTokens, int cachedTokens) {
        ObjectNode usage = root.putObject("usage")
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", outputTokens)
                .put("total_tokens", promptTokens + outputTokens);
        usage.putObject("prompt_tokens_details").put("cached_tokens", cachedTokens);
    }
}
