package dev.presage.router.body;

/** Checks UTF-8 byte by byte, as Unicode's table of well-formed sequences has it, and writes code points in it. */
final class Utf8 {
    private int missing;
    private int lowest;
    private int highest;

    void begin() {
        missing = 0;
    }

    /** Whether a character has begun and not ended. */
    boolean open() {
        return missing > 0;
    }

    /** Whether {@code b} may come next. */
    boolean takes(int b) {
        if (missing == 0) {
            return lead(b);
        }
        if (b < lowest || b > highest) {
            return false;
        }
        missing--;
        lowest = 0x80;
        highest = 0xBF;
        return true;
    }

    private boolean lead(int b) {
        if (b < 0x80) {
            return true;
        }
        if (b < 0xC2 || b > 0xF4) {
            return false;
        }
        missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
        lowest = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
        highest = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
        return true;
    }

    /** Writes a code point to the beginning of {@code to}; returns how many bytes it took. */
    static int encode(int codePoint, byte[] to) {
        if (codePoint < 0x80) {
            to[0] = (byte) codePoint;
            return 1;
        }
        int length = codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
        int rest = codePoint;
        for (int i = length - 1; i > 0; i--) {
            to[i] = (byte) (0x80 | rest & 0x3F);
            rest >>>= 6;
        }
        to[0] = (byte) ((length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0) | rest);
        return length;
    }
}
