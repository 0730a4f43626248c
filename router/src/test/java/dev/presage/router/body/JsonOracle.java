package dev.presage.router.body;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Compares the scanner with Jackson. */
final class JsonOracle {
    private static final JsonFactory BYTES =
            JsonFactory.builder().disable(JsonFactory.Feature.CHARSET_DETECTION).build();

    private JsonOracle() {}

    /** Throws unless both find the same in {@code utf8}, or both find it wrong. */
    static void agrees(byte[] utf8, int piece) {
        Told told = new Told();
        JsonScanner scanner = new JsonScanner(told, FieldNames.of("a", "name"));
        for (int at = 0; at < utf8.length; at += piece) {
            scanner.feed(ByteBuffer.wrap(utf8, at, Math.min(piece, utf8.length - at)));
        }
        scanner.end();
        String ours = scanner.complaint().isEmpty() ? told.text.toString(StandardCharsets.UTF_8) : "";
        String text = new String(utf8, StandardCharsets.UTF_8);
        String theirs = jackson(utf8);
        if (!ours.equals(theirs)) {
            throw new AssertionError("of " + text + " Jackson finds " + theirs + ", not " + ours);
        }
    }

    /**
     * What Jackson finds, in one line; empty when the document is not valid. It reads bytes: of a
     * character it takes only the low eight bits for a hexadecimal digit. But bytes of a name with half a surrogate pair,
     * which Go takes, it refuses, and characters it does not.
     */
    private static String jackson(byte[] utf8) {
        try (JsonParser parser = BYTES.createParser(utf8)) {
            return jackson(parser);
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("surrogate")) {
                return "";
            }
        }
        try (JsonParser parser = BYTES.createParser(new StringReader(new String(utf8, StandardCharsets.UTF_8)))) {
            return jackson(parser);
        } catch (IOException e) {
            return "";
        }
    }

    private static String jackson(JsonParser parser) throws IOException {
        StringBuilder found = new StringBuilder();
        int depth = 0;
        boolean ended = false;
        for (JsonToken at = parser.nextToken(); at != null; at = parser.nextToken()) {
            if (ended) {
                return "";
            }
            depth += at.isStructStart() ? 1 : at.isStructEnd() ? -1 : 0;
            found.append(
                    switch (at) {
                        case START_OBJECT -> "{";
                        case START_ARRAY -> "[";
                        case END_OBJECT, END_ARRAY -> ">";
                        case FIELD_NAME -> "n" + wellFormed(parser.currentName());
                        case VALUE_STRING -> "s" + wellFormed(parser.getText());
                        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "#" + (parser.getDoubleValue() + 0.0);
                        default -> parser.getText();
                    });
            ended = depth == 0;
        }
        return ended ? found.toString() : "";
    }

    /** Half a surrogate pair becomes the replacement character, as in Go. */
    private static String wellFormed(String text) {
        StringBuilder all = new StringBuilder();
        text.codePoints()
                .forEach(
                        point -> all.appendCodePoint(Character.getType(point) == Character.SURROGATE ? 0xFFFD : point));
        return all.toString();
    }

    private static final class Told implements JsonHandler {
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private boolean inName;

        private void add(String word) {
            text.writeBytes(word.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void structStart(boolean object) {
            add(object ? "{" : "[");
        }

        @Override
        public void structEnd() {
            add(">");
        }

        @Override
        public void nameText(byte[] utf8, int from, int to) {
            if (!inName) {
                add("n");
                inName = true;
            }
            text.write(utf8, from, to - from);
        }

        @Override
        public void name(String known) {
            if (!inName) {
                add("n");
            }
            inName = false;
        }

        @Override
        public void stringStart() {
            add("s");
        }

        @Override
        public void text(byte[] utf8, int from, int to) {
            text.write(utf8, from, to - from);
        }

        @Override
        public void stringEnd() {}

        @Override
        public void number(double value) {
            add("#" + (value + 0.0));
        }

        @Override
        public void literal(String word) {
            add(word);
        }
    }
}
