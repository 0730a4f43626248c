package dev.presage.router.body;

/** Quotes bytes as Go's {@code encoding/json} does in its errors: as the character of that number. */
final class JsonComplaint {
    private JsonComplaint() {}

    static String quoted(int b) {
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
