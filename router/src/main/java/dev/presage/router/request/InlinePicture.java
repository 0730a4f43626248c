package dev.presage.router.request;

/**
 * Reads the size of a picture that is sent as base64, alone or in a {@code data:} URL, while its text passes. Anything else tells
 * no size.
 */
final class InlinePicture {
    private static final String SCHEME = "data:";
    /** A {@code data:} URL names a media type and its parameters first. */
    private static final int LONGEST_PREFIX = 256;

    private final PictureHeader header = new PictureHeader();
    private int seen;
    private boolean isUrl = true;
    private boolean inData;
    private boolean ended;
    private int bits;
    private int bitCount;

    void text(byte[] bytes, int from, int to) {
        for (int i = from; i < to && !ended && header.wantsMore(); i++) {
            character(bytes[i] & 0xFF);
        }
    }

    private void character(int c) {
        if (inData) {
            base64(c);
            return;
        }
        if (seen < SCHEME.length() && isUrl) {
            isUrl = c == SCHEME.charAt(seen);
        }
        seen++;
        if (!isUrl) {
            inData = true;
            again(c);
        } else if (c == ',') {
            inData = true;
        } else if (seen > LONGEST_PREFIX) {
            ended = true;
        }
    }

    /** What looked like the scheme was the beginning of the data. */
    private void again(int c) {
        for (int i = 0; i < seen - 1; i++) {
            base64(SCHEME.charAt(i));
        }
        base64(c);
    }

    private void base64(int c) {
        int value = value(c);
        if (value < 0) {
            ended = true;
            return;
        }
        bits = bits << 6 | value;
        bitCount += 6;
        if (bitCount >= 8) {
            bitCount -= 8;
            header.take(bits >>> bitCount & 0xFF);
        }
    }

    private static int value(int c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
    }

    int width() {
        return header.width();
    }

    int height() {
        return header.height();
    }
}
