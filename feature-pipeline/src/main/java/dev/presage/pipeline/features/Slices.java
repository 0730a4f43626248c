package dev.presage.pipeline.features;

import java.util.List;

/**
 * The slices that a sample belongs to: what hardware, how loaded, how much of the prompt was cached, how long it was. Used by whoever
 * judges predictions; any thread.
 */
public final class Slices {
    private static final float LONG_PROMPT_TOKENS = 8_000;

    private Slices() {}

    /** Of each pair of slices that any row is in one of (load, prefix, prompt), which one: three bits. */
    public static final int PAIRS = 3;

    /** One bit for each of the {@link #PAIRS}; {@code offset} is where the row begins. */
    public static int bits(float[] rows, int offset) {
        float prompt = rows[offset + Feature.PROMPT_TOKENS.ordinal()];
        int queued = rows[offset + Feature.PENDING_REQUESTS.ordinal()] > 0 ? 1 : 0;
        int warm = rows[offset + Feature.UNCACHED_TOKENS.ordinal()] < prompt / 2 ? 2 : 0;
        int isLong = prompt >= LONG_PROMPT_TOKENS ? 4 : 0;
        return queued | warm | isLong;
    }

    /** Names for people, such as {@code class=h100}; {@code row} in schema order. */
    public static List<String> of(float[] row, String endpointClass) {
        int bits = bits(row, 0);
        return List.of(
                "class=" + endpointClass,
                (bits & 1) != 0 ? "load=queued" : "load=free",
                (bits & 2) != 0 ? "prefix=warm" : "prefix=cold",
                (bits & 4) != 0 ? "prompt=long" : "prompt=short");
    }
}
