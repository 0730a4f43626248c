package dev.presage.router.request;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A short string value that is wanted whole, such as a model's name. One longer than {@value #LONGEST} bytes reads as empty. */
final class CapturedText {
    private static final int LONGEST = 4096;

    private byte[] kept = new byte[64];
    private int length;

    void clear() {
        length = 0;
    }

    void text(byte[] utf8, int from, int to) {
        int all = length + to - from;
        if (all > LONGEST) {
            length = LONGEST + 1;
            return;
        }
        if (all > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(all, 2 * kept.length));
        }
        System.arraycopy(utf8, from, kept, length, to - from);
        length = all;
    }

    String value() {
        return length > LONGEST ? "" : new String(kept, 0, length, StandardCharsets.UTF_8);
    }
}
