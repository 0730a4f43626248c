package dev.presage.router.request;

import java.nio.ByteBuffer;

/**
 * Says what is wrong with malformed JSON in the words that clients of the contract's original know (Go's {@code
 * encoding/json}). Runs only for bodies that were refused.
 */
final class JsonComplaint {
    private JsonComplaint() {}

    static String about(Iterable<ByteBuffer> body) {
        JsonGrammar grammar = new JsonGrammar();
        for (ByteBuffer chunk : body) {
            ByteBuffer bytes = chunk.duplicate();
            while (bytes.hasRemaining()) {
                int b = bytes.get() & 0xFF;
                String where = grammar.accept(b);
                if (!where.isEmpty()) {
                    return "invalid character " + quoted(b) + " " + where;
                }
            }
        }
        return grammar.ended() ? "invalid text" : "unexpected end of JSON input";
    }

    private static String quoted(int b) {
        return switch (b) {
            case '\'' -> "'\\''";
            case '\\' -> "'\\\\'";
            case '\n' -> "'\\n'";
            case '\r' -> "'\\r'";
            case '\t' -> "'\\t'";
            case 0x07 -> "'\\a'";
            case '\b' -> "'\\b'";
            case '\f' -> "'\\f'";
            case 0x0B -> "'\\v'";
            default -> "'" + printable(b) + "'";
        };
    }

    private static String printable(int b) {
        if (b < 0x20 || b == 0x7F) {
            return String.format("\\x%02x", b);
        }
        return b >= 0x80 && b <= 0xA0 || b == 0xAD ? String.format("\\u%04x", b) : String.valueOf((char) b);
    }
}
