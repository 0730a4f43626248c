package dev.presage.router.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * What is gathered from the tokens of one body. Top-level members give model and bounds; the prompt member's text goes to one
 * digest and what engines put in front of it (tools, system prompt, instructions) to another. Text is digested in document
 * order, so two requests that repeat the same turns repeat the same bytes.
 */
final class BodyWalk {
    private enum Section {
        NONE,
        HEAD,
        PROMPT,
        SAMPLING
    }

    private static final Set<String> HEAD_FIELDS = Set.of("tools", "system", "instructions", "functions");
    /** Members of a turn that say how it is, not what it says. */
    private static final Set<String> NOT_TEXT = Set.of(
            "type", "id", "tool_call_id", "tool_use_id", "call_id", "status", "detail", "ttl", "media_type", "format");

    private static final Set<String> MEDIA =
            Set.of("url", "image_url", "video_url", "audio_url", "data", "file_data", "file_id", "file_url");
    /** Tokens of a picture of 640 by 360, the contract's default. */
    private static final int MEDIA_TOKENS = 225;

    private final BodyShape shape;
    private final PromptDigest head = new PromptDigest();
    private final PromptDigest prompt = new PromptDigest();
    private JsonToken root = JsonToken.NOT_AVAILABLE;
    private int depth;
    private boolean complete;
    private Section section = Section.NONE;
    private String model = "";
    private boolean modelSeen;
    private ByteSpan modelSpan = ByteSpan.NONE;
    private String salt = "";
    private boolean stream;
    private boolean promptSeen;
    private int maxTokens;
    private int maxCompletionTokens;

    BodyWalk(BodyShape shape) {
        this.shape = shape;
    }

    void token(JsonToken token, JsonParser parser) throws IOException {
        if (depth == 0) {
            root = token;
        }
        if (token.isStructEnd()) {
            depth--;
            if (depth <= 1) {
                section = Section.NONE;
            }
        } else if (depth == 1 && root == JsonToken.START_OBJECT) {
            topLevel(token, parser);
        } else if (depth > 1) {
            nested(token, parser);
        }
        if (token.isStructStart()) {
            depth++;
        }
        complete = depth == 0;
    }

    private void topLevel(JsonToken token, JsonParser parser) throws IOException {
        String name = parser.currentName();
        if (token == JsonToken.FIELD_NAME) {
            return;
        }
        if (name.equals("model")) {
            model(token, parser);
        }
        section = sectionOf(name);
        if (token.isScalarValue()) {
            scalar(token, parser, name);
            section = Section.NONE;
        }
    }

    /** The last one counts, as it does for engines. */
    private void model(JsonToken token, JsonParser parser) throws IOException {
        modelSeen = true;
        boolean named = token == JsonToken.VALUE_STRING;
        model = named ? parser.getText() : "";
        // The parser places the start of a string behind its quote.
        modelSpan = named
                ? new ByteSpan(
                        parser.currentTokenLocation().getByteOffset() - 1,
                        parser.currentLocation().getByteOffset())
                : ByteSpan.NONE;
    }

    private Section sectionOf(String name) {
        if (name.equals(shape.promptField)) {
            return Section.PROMPT;
        }
        if (HEAD_FIELDS.contains(name)) {
            return Section.HEAD;
        }
        return name.equals("sampling_params") ? Section.SAMPLING : Section.NONE;
    }

    private void scalar(JsonToken token, JsonParser parser, String name) throws IOException {
        switch (name) {
            case "cache_salt" -> salt = token == JsonToken.VALUE_STRING ? parser.getText() : "";
            case "stream" -> stream = token == JsonToken.VALUE_TRUE;
            default -> {
                if (token.isNumeric()) {
                    bound(name, parser);
                }
            }
        }
        if (section == Section.PROMPT) {
            promptSeen |= !shape.promptIsList() && token != JsonToken.VALUE_NULL;
            promptScalar(token, parser, name);
        } else if (section == Section.HEAD) {
            write(head, parser);
        }
    }

    private void bound(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "max_completion_tokens" -> maxCompletionTokens = positive(parser);
            case "max_output_tokens" -> maxTokens = shape == BodyShape.RESPONSES ? positive(parser) : maxTokens;
            case "max_tokens" -> maxTokens = positive(parser);
            default -> {}
        }
    }

    private static int positive(JsonParser parser) throws IOException {
        return (int) Math.clamp(parser.getDoubleValue(), 0, Integer.MAX_VALUE);
    }

    private void nested(JsonToken token, JsonParser parser) throws IOException {
        switch (section) {
            case NONE -> {}
            case HEAD -> {
                if (token == JsonToken.FIELD_NAME || token.isScalarValue()) {
                    write(head, parser);
                }
            }
            case PROMPT -> {
                promptSeen = true;
                if (token.isScalarValue()) {
                    promptScalar(token, parser, enclosingName(parser.getParsingContext()));
                }
            }
            case SAMPLING -> {
                if (token.isNumeric() && depth == 2) {
                    bound(parser.currentName(), parser);
                }
            }
        }
    }

    private void promptScalar(JsonToken token, JsonParser parser, String name) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            if (MEDIA.contains(name)) {
                PromptDigest media = new PromptDigest();
                write(media, parser);
                prompt.placeholder(media.identity(), MEDIA_TOKENS);
            } else if (!NOT_TEXT.contains(name)) {
                write(prompt, parser);
            }
        } else if (token.isNumeric() && name.equals(shape.promptField)) {
            prompt.tokenId((int) (long) parser.getDoubleValue());
        }
    }

    /** The name of the member that a value belongs to, through any arrays around it. */
    private static String enclosingName(JsonStreamContext context) {
        for (JsonStreamContext at = context; at != null; at = at.getParent()) {
            if (at.getCurrentName() != null) {
                return at.getCurrentName();
            }
        }
        return "";
    }

    private static void write(PromptDigest digest, JsonParser parser) throws IOException {
        parser.getText(digest);
        digest.endText();
    }

    /** Whether the root value has ended. */
    boolean complete() {
        return complete;
    }

    /** JSON null counts: it is an object without members to the contract. */
    boolean rootIsObject() {
        return root == JsonToken.START_OBJECT || root == JsonToken.VALUE_NULL;
    }

    String rootType() {
        return switch (root) {
            case START_ARRAY -> "array";
            case VALUE_STRING -> "string";
            case VALUE_TRUE, VALUE_FALSE -> "bool";
            default -> "number";
        };
    }

    boolean hasPrompt() {
        return promptSeen;
    }

    String model() {
        return model;
    }

    /** Whether the body has the member, whatever its value. */
    boolean hasModel() {
        return modelSeen;
    }

    ByteSpan modelSpan() {
        return modelSpan;
    }

    /** The blocks of the prompt as another model would have them. */
    long[] blocksFor(String target) {
        return PrefixChain.of(target, salt, head, prompt);
    }

    InferenceRequest request(String id, String clientRequestId) {
        long bytes = head.bytes() + prompt.bytes();
        long tokens = (bytes + PromptDigest.BYTES_PER_TOKEN - 1) / PromptDigest.BYTES_PER_TOKEN;
        int bound = shape == BodyShape.CHAT && maxCompletionTokens > 0 ? maxCompletionTokens : maxTokens;
        return new InferenceRequest(
                id,
                clientRequestId,
                model,
                model,
                shape.api,
                (int) Math.min(tokens, Integer.MAX_VALUE),
                blocksFor(model),
                bound,
                stream,
                0,
                Map.of());
    }
}
