package dev.presage.trainer.learn;

import dev.presage.pipeline.features.Feature;
import java.util.List;

/**
 * The slices that a sample belongs to: what hardware, how loaded, how much of the prompt was cached, how long it was. Used by whoever
 * judges predictions; any thread.
 */
public final class Slices {
    private static final float LONG_PROMPT_TOKENS = 8_000;

    private Slices() {}

    /** Names of the slices of one row. */
    public static List<String> of(float[] row, String endpointClass) {
        float prompt = row[Feature.PROMPT_TOKENS.ordinal()];
        boolean queued = row[Feature.PENDING_REQUESTS.ordinal()] > 0;
        boolean warm = row[Feature.UNCACHED_TOKENS.ordinal()] < prompt / 2;
        return List.of(
                "class=" + endpointClass,
                queued ? "load=queued" : "load=free",
                warm ? "prefix=warm" : "prefix=cold",
                prompt >= LONG_PROMPT_TOKENS ? "prompt=long" : "prompt=short");
    }
}
