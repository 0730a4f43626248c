package dev.presage.router.request;

/**
 * Finds width and height at the beginning of a PNG, GIF, WebP or JPEG file, byte by byte. Keeps {@value #KEPT} bytes; a JPEG is
 * searched for its frame header for at most {@value #FARTHEST} bytes.
 */
final class PictureHeader {
    private static final int KEPT = 32;
    /** Behind an Exif segment with a preview, which has at most 64 KiB, and a colour profile. */
    private static final int FARTHEST = 1 << 18;

    private final byte[] head = new byte[KEPT];
    private final JpegFrame jpeg = new JpegFrame();
    private int length;
    private boolean decided;
    private int width;
    private int height;

    /** Whether more bytes could tell more. */
    boolean wantsMore() {
        return !decided;
    }

    void take(int b) {
        if (length < KEPT) {
            head[length] = (byte) b;
        }
        length++;
        if (isJpeg()) {
            jpeg.take(b);
            decided = jpeg.found() || jpeg.broken() || length > FARTHEST;
            width = jpeg.width();
            height = jpeg.height();
        } else if (length == KEPT) {
            decided = true;
            fixed();
        }
    }

    private boolean isJpeg() {
        return (head[0] & 0xFF) == 0xFF && (length < 2 || (head[1] & 0xFF) == 0xD8);
    }

    private void fixed() {
        if (starts(0, "\u0089PNG")) {
            size(big(18), big(22));
        } else if (starts(0, "GIF8")) {
            size(little(6), little(8));
        } else if (starts(8, "WEBPVP8X")) {
            size(1 + little(24), 1 + little(27));
        } else if (starts(8, "WEBPVP8L")) {
            int bits = little(21) | little(23) << 16;
            size(1 + (bits & 0x3FFF), 1 + (bits >>> 14 & 0x3FFF));
        } else if (starts(8, "WEBPVP8 ")) {
            size(little(26) & 0x3FFF, little(28) & 0x3FFF);
        }
    }

    private void size(int w, int h) {
        width = w;
        height = h;
    }

    private boolean starts(int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if ((head[at + i] & 0xFF) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Low 16 bits of a side; none that is served is longer. */
    private int big(int at) {
        return (head[at] & 0xFF) << 8 | head[at + 1] & 0xFF;
    }

    private int little(int at) {
        return head[at] & 0xFF | (head[at + 1] & 0xFF) << 8;
    }

    /** 0 when unknown; so is the height. */
    int width() {
        return width;
    }

    int height() {
        return height;
    }
}
