package dev.presage.router.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteBufferFeeder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Finds the model of any JSON body, chunk by chunk, and reads no further than it must: for an adapter that routes on nothing else.
 * The first {@code model} of the outermost object counts. Used by one thread at a time; never fails.
 */
public final class ModelField {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNestingDepth(10_000)
                    .build())
            .build();

    /** What is known so far. */
    public sealed interface Finding {}

    /** It may still come. */
    public record Unknown() implements Finding {}

    /** It is a text that is not empty. */
    public record Found(String model) implements Finding {}

    /** The object ended without one. */
    public record Absent() implements Finding {}

    /** The body is not a JSON object, or the model is no text. */
    public record Unreadable() implements Finding {}

    private static final Finding UNKNOWN = new Unknown();
    private static final Finding ABSENT = new Absent();
    private static final Finding UNREADABLE = new Unreadable();

    private final JsonParser parser;
    private int depth;
    private boolean atModel;
    private Finding finding = UNKNOWN;

    public ModelField() {
        try {
            parser = JSON.createNonBlockingByteBufferParser();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the next bytes. */
    public Finding feed(ByteBuffer chunk) {
        if (!(finding instanceof Unknown) || !chunk.hasRemaining()) {
            return finding;
        }
        try {
            feeder().feedInput(chunk.duplicate());
            drain();
        } catch (IOException | RuntimeException e) {
            finding = UNREADABLE;
        }
        return finding;
    }

    /** There are no more bytes. */
    public Finding finish() {
        return finding instanceof Unknown ? UNREADABLE : finding;
    }

    private void drain() throws IOException {
        JsonToken token = parser.nextToken();
        while (finding instanceof Unknown && token != null && token != JsonToken.NOT_AVAILABLE) {
            finding = next(token);
            token = finding instanceof Unknown ? parser.nextToken() : null;
        }
    }

    private Finding next(JsonToken token) throws IOException {
        if (depth == 0 && token != JsonToken.START_OBJECT) {
            return UNREADABLE;
        }
        if (depth == 1 && atModel) {
            String text = token == JsonToken.VALUE_STRING ? parser.getText() : "";
            return text.isEmpty() ? UNREADABLE : new Found(text);
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        atModel = depth == 1
                && token == JsonToken.FIELD_NAME
                && parser.currentName().equals("model");
        return depth == 0 ? ABSENT : UNKNOWN;
    }

    private ByteBufferFeeder feeder() {
        return (ByteBufferFeeder) parser.getNonBlockingInputFeeder();
    }
}
