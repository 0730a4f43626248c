package dev.presage.testbed.trace;

import java.nio.charset.StandardCharsets;

/**
 * Pseudo-text of a trace request, so that a live replay shares prefixes as the trace does: four ASCII bytes for each
 * token, each 512-token block derived from its hash id alone. Letters, digits, '-' and '_' only, so it needs no escaping
 * in JSON. The same request always has the same text.
 */
public final class PromptText {
    /** Bytes that stand for one token. */
    public static final int TOKEN_BYTES = 4;

    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".getBytes(StandardCharsets.US_ASCII);

    private PromptText() {}

    /** The prompt, {@code promptTokens * 4} characters. */
    public static String of(TraceRequest request) {
        return new String(bytes(request), StandardCharsets.ISO_8859_1);
    }

    /** The prompt as ASCII bytes. */
    public static byte[] bytes(TraceRequest request) {
        byte[] text = new byte[request.promptTokens() * TOKEN_BYTES];
        int blockBytes = TraceRequest.HASH_ID_TOKENS * TOKEN_BYTES;
        for (int start = 0; start < text.length; start += blockBytes) {
            long content = PromptBlocks.content(request, start / blockBytes);
            fill(text, start, Math.min(start + blockBytes, text.length), content);
        }
        return text;
    }

    private static void fill(byte[] text, int start, int end, long content) {
        long bits = 0;
        for (int i = start; i < end; i++) {
            int phase = (i - start) % 10;
            if (phase == 0) {
                bits = PromptBlocks.mix(content ^ (long) (i - start) << 1);
            }
            text[i] = ALPHABET[(int) (bits >>> 6 * phase) & 63];
        }
    }
}
