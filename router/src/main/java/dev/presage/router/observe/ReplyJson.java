package dev.presage.router.observe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of reply documents that are counted. A token is a non-empty text anywhere under {@code delta}, the {@code text}
 * of a choice, or a {@code delta} that is itself a text.
 */
final class ReplyJson {
    static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private static final Set<String> TEXT = Set.of(
            "content", "text", "reasoning_content", "reasoning", "thinking", "refusal", "arguments", "partial_json");

    private ReplyJson() {}

    /** Whether the value under the parser is generated text. */
    static boolean isToken(JsonToken token, JsonParser parser) throws IOException {
        if (token != JsonToken.VALUE_STRING || parser.getTextLength() == 0) {
            return false;
        }
        JsonStreamContext at = parser.getParsingContext();
        String name = at.getCurrentName();
        if (name == null) {
            return false;
        }
        if (name.equals("delta")) {
            return at.getParent() != null && at.getParent().inRoot();
        }
        return TEXT.contains(name) && (under("delta", at) || name.equals("text") && under("choices", at));
    }

    /** Tells {@code usage} of a number inside a usage object. */
    static void usage(JsonToken token, JsonParser parser, UsageFields usage) throws IOException {
        if (token.isNumeric()) {
            JsonStreamContext at = parser.getParsingContext();
            String name = at.getCurrentName();
            if (name != null && under("usage", at)) {
                usage.number(name, parser.getDoubleValue());
            }
        }
    }

    private static boolean under(String ancestor, JsonStreamContext at) {
        for (@Nullable JsonStreamContext above = at.getParent(); above != null; above = above.getParent()) {
            if (ancestor.equals(above.getCurrentName())) {
                return true;
            }
        }
        return false;
    }
}
