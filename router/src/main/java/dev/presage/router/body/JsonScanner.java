package dev.presage.router.body;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Reads JSON as its bytes come, however they are cut, and tells a {@link JsonHandler}. A string is passed on in pieces and never
 * held, so a document of any length needs a few kilobytes: a window, the beginning of a name or a number, one bit a level of
 * nesting. What is wrong is said in the words of Go's {@code encoding/json}, which clients of the contract's original know.
 * Confined to one thread.
 */
public final class JsonScanner {
    private enum At {
        VALUE,
        VALUE_OR_END,
        KEY,
        KEY_OR_END,
        COLON,
        AFTER_MEMBER,
        AFTER_ELEMENT,
        DONE,
        STRING,
        LITERAL,
        NUMBER
    }

    /** As in Go. */
    private static final int MAX_DEPTH = 10_000;

    private static final int WINDOW = 4096;
    private static final String BEGIN_VALUE = "looking for beginning of value";
    private static final String BEGIN_KEY = "looking for beginning of object key string";

    private final JsonHandler handler;
    private final JsonString string;
    private final JsonNumber number = new JsonNumber();
    private final BitSet objects = new BitSet();
    private byte[] window = {};
    private int depth;
    private At at = At.VALUE;
    private String word = "";
    private int matched;
    private long position;
    private String complaint = "";

    /** A scanner of one document; {@code names} are the member names that the handler wants to know. */
    public JsonScanner(JsonHandler handler, FieldNames names) {
        this.handler = handler;
        this.string = new JsonString(handler, names);
    }

    /** Another document begins. */
    public void restart() {
        depth = 0;
        at = At.VALUE;
        position = 0;
        complaint = "";
    }

    /** Takes the rest of {@code chunk}. */
    public void feed(ByteBuffer chunk) {
        if (window.length == 0) {
            window = new byte[WINDOW];
        }
        while (chunk.hasRemaining()) {
            int length = Math.min(chunk.remaining(), window.length);
            chunk.get(window, 0, length);
            feed(window, 0, length);
        }
    }

    /** Takes bytes; those after the first wrong one are ignored. */
    public void feed(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && complaint.isEmpty()) {
            if (at == At.STRING) {
                int end = string.read(bytes, i, to);
                position += end - i;
                i = end;
                stringRead(bytes[end - 1] & 0xFF);
            } else {
                position++;
                step(bytes[i++] & 0xFF);
            }
        }
    }

    /** Nothing comes after what was fed. */
    public void end() {
        if (complaint.isEmpty() && at == At.NUMBER && number.complaint().isEmpty()) {
            numberEnded();
        }
        if (complaint.isEmpty() && at != At.DONE) {
            complaint = "unexpected end of JSON input";
        }
    }

    /** Whether the document's value has ended. */
    public boolean complete() {
        return at == At.DONE && complaint.isEmpty();
    }

    /** What is wrong; empty as long as nothing is. */
    public String complaint() {
        return complaint;
    }

    /** Bytes taken so far; within {@link JsonHandler#stringStart} the opening quote is the last of them. */
    public long position() {
        return position;
    }

    private void step(int b) {
        String where =
                switch (at) {
                    case LITERAL -> literal(b);
                    case NUMBER -> number(b);
                    default -> between(b);
                };
        complain(b, where);
    }

    private void complain(int b, String where) {
        if (!where.isEmpty() && complaint.isEmpty()) {
            complaint = "invalid character " + JsonComplaint.quoted(b) + " " + where;
        }
    }

    private void stringRead(int last) {
        if (!string.complaint().isEmpty()) {
            complain(last, string.complaint());
        } else if (string.ended()) {
            if (string.isName()) {
                at = At.COLON;
            } else {
                handler.stringEnd();
                valueEnded();
            }
        }
    }

    private String between(int b) {
        if (b == ' ' || b == '\t' || b == '\r' || b == '\n') {
            return "";
        }
        return switch (at) {
            case VALUE_OR_END -> b == ']' ? close() : value(b);
            case KEY -> b == '"' ? open(true) : BEGIN_KEY;
            case KEY_OR_END -> b == '"' ? open(true) : b == '}' ? close() : BEGIN_KEY;
            case COLON -> b == ':' ? go(At.VALUE) : "after object key";
            case AFTER_MEMBER -> b == ',' ? go(At.KEY) : b == '}' ? close() : "after object key:value pair";
            case AFTER_ELEMENT -> b == ',' ? go(At.VALUE) : b == ']' ? close() : "after array element";
            case DONE -> "after top-level value";
            default -> value(b);
        };
    }

    private String value(int b) {
        return switch (b) {
            case '{' -> nest(true, At.KEY_OR_END);
            case '[' -> nest(false, At.VALUE_OR_END);
            case '"' -> open(false);
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number.begins(b) ? go(At.NUMBER) : BEGIN_VALUE;
        };
    }

    private String nest(boolean object, At next) {
        if (depth == MAX_DEPTH) {
            complaint = "exceeded max depth";
            return "";
        }
        objects.set(depth++, object);
        handler.structStart(object);
        return go(next);
    }

    private String close() {
        depth--;
        handler.structEnd();
        return valueEnded();
    }

    private String open(boolean name) {
        string.begin(name);
        return go(At.STRING);
    }

    private String word(String expected) {
        word = expected;
        matched = 1;
        return go(At.LITERAL);
    }

    private String literal(int b) {
        char expected = word.charAt(matched);
        if (b != expected) {
            return "in literal " + word + " (expecting '" + expected + "')";
        }
        if (++matched < word.length()) {
            return "";
        }
        handler.literal(word);
        return valueEnded();
    }

    private String number(int b) {
        if (number.takes(b)) {
            return "";
        }
        if (!number.complaint().isEmpty()) {
            return number.complaint();
        }
        numberEnded();
        return between(b);
    }

    private void numberEnded() {
        handler.number(number.value());
        valueEnded();
    }

    private String valueEnded() {
        return go(depth == 0 ? At.DONE : objects.get(depth - 1) ? At.AFTER_MEMBER : At.AFTER_ELEMENT);
    }

    private String go(At next) {
        at = next;
        return "";
    }
}
