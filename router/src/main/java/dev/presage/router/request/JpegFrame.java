package dev.presage.router.request;

/** Walks over a JPEG's segments up to its frame header (SOF), which has the size. Keeps nothing. */
final class JpegFrame {
    private enum At {
        MARK,
        MARKER,
        LENGTH,
        SKIP,
        FRAME,
        FOUND,
        BROKEN
    }

    private At at = At.MARK;
    private int marker;
    private int left;
    private int taken;
    private int width;
    private int height;

    void take(int b) {
        switch (at) {
            case MARK -> at = b == 0xFF ? At.MARKER : At.BROKEN;
            case MARKER -> marker(b);
            case LENGTH -> length(b);
            case SKIP -> {
                if (--left == 0) {
                    at = At.MARK;
                }
            }
            case FRAME -> frame(b);
            case FOUND, BROKEN -> {}
        }
    }

    private void marker(int b) {
        if (b == 0xFF) {
            return;
        }
        marker = b;
        taken = 0;
        left = 0;
        boolean alone = b == 0xD8 || b == 0x01 || b >= 0xD0 && b <= 0xD7;
        at = alone ? At.MARK : b == 0xDA || b == 0xD9 ? At.BROKEN : At.LENGTH;
    }

    private void length(int b) {
        left = left << 8 | b;
        if (++taken < 2) {
            return;
        }
        left -= 2;
        taken = 0;
        boolean isFrame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        at = left < 0 ? At.BROKEN : isFrame ? At.FRAME : left == 0 ? At.MARK : At.SKIP;
    }

    /** Precision, height, width. */
    private void frame(int b) {
        taken++;
        if (taken == 2 || taken == 3) {
            height = height << 8 | b;
        } else if (taken == 4 || taken == 5) {
            width = width << 8 | b;
        }
        if (taken == 5) {
            at = At.FOUND;
        }
    }

    boolean found() {
        return at == At.FOUND;
    }

    boolean broken() {
        return at == At.BROKEN;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }
}
