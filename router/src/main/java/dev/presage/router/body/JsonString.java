package dev.presage.router.body;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * One string of a document: finds its end, checks its UTF-8 and undoes its escapes, and passes the text on in pieces. Keeps
 * nothing but the beginning of a member's name.
 */
final class JsonString {
    private enum At {
        TEXT,
        ESCAPE,
        UNICODE,
        ENDED
    }

    /** Eight bytes at once, the first in the lowest bits. */
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long TOPS = 0x8080_8080_8080_8080L;

    private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final byte[] MEANINGS = {'"', '\\', '/', '\b', '\f', '\n', '\r', '\t'};

    private final JsonHandler handler;
    private final FieldNames names;
    private final Utf8 utf8 = new Utf8();
    private final byte[] decoded = new byte[4];
    private final byte[] name = new byte[FieldNames.LONGEST];
    private At at = At.ENDED;
    private boolean isName;
    private int nameLength;
    private int unit;
    private int unitDigits;
    private char high;
    private String complaint = "";

    JsonString(JsonHandler handler, FieldNames names) {
        this.handler = handler;
        this.names = names;
    }

    void begin(boolean asName) {
        at = At.TEXT;
        isName = asName;
        nameLength = 0;
        complaint = "";
        utf8.begin();
        if (!asName) {
            handler.stringStart();
        }
    }

    /** Takes bytes up to the end of the string or the first wrong one; returns the index after the last that was taken. */
    int read(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && at != At.ENDED && complaint.isEmpty()) {
            if (at == At.TEXT) {
                int end = plain(bytes, i, to);
                if (end > i) {
                    unpaired();
                    emit(bytes, i, end);
                }
                i = end;
                if (i < to) {
                    special(bytes[i++] & 0xFF);
                }
            } else if (at == At.ESCAPE) {
                escape(bytes[i++] & 0xFF);
            } else {
                unicode(bytes[i++] & 0xFF);
            }
        }
        return i;
    }

    /** The index of the first byte that is not ordinary text. */
    private int plain(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (!utf8.open()) {
                i = ascii(bytes, i, to);
            }
            if (i == to) {
                return i;
            }
            byte b = bytes[i];
            if (b < 0 || utf8.open()) {
                if (!utf8.takes(b & 0xFF)) {
                    complaint = "in UTF-8 of string literal";
                    return i;
                }
            } else if (b < 0x20 || b == '"' || b == '\\') {
                return i;
            }
            i++;
        }
        return i;
    }

    /**
     * An index up to which all bytes are ordinary ASCII, by eights: the lowest marked byte is one below 0x20, a quotation mark, a
     * backslash or not ASCII (Mycroft's test for a zero byte; a false mark can only stand above a true one).
     */
    private static int ascii(byte[] bytes, int from, int to) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long eight = (long) EIGHT.get(bytes, i);
            long quote = eight ^ '"' * ONES;
            long backslash = eight ^ '\\' * ONES;
            long marks =
                    (eight | (eight - 0x20 * ONES) & ~eight | (quote - ONES) & ~quote | (backslash - ONES) & ~backslash)
                            & TOPS;
            if (marks != 0) {
                return i + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
        }
        return i;
    }

    private void special(int b) {
        if (!complaint.isEmpty()) {
            return;
        }
        if (b == '"') {
            unpaired();
            at = At.ENDED;
            if (isName) {
                handler.name(nameLength > name.length ? "" : names.find(name, nameLength));
            }
        } else if (b == '\\') {
            at = At.ESCAPE;
        } else {
            complaint = "in string literal";
        }
    }

    private void escape(int b) {
        int which = ESCAPES.indexOf(b);
        if (which >= 0) {
            unpaired();
            emit(MEANINGS, which, which + 1);
            at = At.TEXT;
        } else if (b == 'u') {
            unit = 0;
            unitDigits = 0;
            at = At.UNICODE;
        } else {
            complaint = "in string escape code";
        }
    }

    private void unicode(int b) {
        int digit = b > 'f' ? -1 : Character.digit(b, 16);
        if (digit < 0) {
            complaint = "in \\u hexadecimal character escape";
            return;
        }
        unit = unit << 4 | digit;
        if (++unitDigits == 4) {
            at = At.TEXT;
            codeUnit((char) unit);
        }
    }

    private void codeUnit(char c) {
        if (high != 0 && Character.isLowSurrogate(c)) {
            int codePoint = Character.toCodePoint(high, c);
            high = 0;
            emit(decoded, 0, Utf8.encode(codePoint, decoded));
            return;
        }
        unpaired();
        if (Character.isHighSurrogate(c)) {
            high = c;
        } else if (Character.isLowSurrogate(c)) {
            emit(REPLACEMENT, 0, REPLACEMENT.length);
        } else {
            emit(decoded, 0, Utf8.encode(c, decoded));
        }
    }

    /** Half a surrogate pair that the other half does not follow. */
    private void unpaired() {
        if (high != 0) {
            high = 0;
            emit(REPLACEMENT, 0, REPLACEMENT.length);
        }
    }

    private void emit(byte[] bytes, int from, int to) {
        if (!isName) {
            handler.text(bytes, from, to);
            return;
        }
        handler.nameText(bytes, from, to);
        int room = Math.min(to - from, name.length - nameLength);
        if (room < to - from) {
            nameLength = name.length + 1;
        } else if (nameLength <= name.length) {
            System.arraycopy(bytes, from, name, nameLength, room);
            nameLength += room;
        }
    }

    boolean ended() {
        return at == At.ENDED;
    }

    boolean isName() {
        return isName;
    }

    /** Where in the string the last byte taken is wrong; empty when it is not. */
    String complaint() {
        return complaint;
    }
}
