package dev.presage.store.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SupportBoxTest {
    private static final SupportBox BOX = new SupportBox(Collections.nCopies(FeatureSchema.SIZE, 10f));

    private static boolean contains(Feature feature, float value) {
        float[] rows = new float[2 * FeatureSchema.SIZE];
        rows[FeatureSchema.SIZE + feature.ordinal()] = value;
        return BOX.contains(rows, FeatureSchema.SIZE);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"PROMPT_TOKENS", "MAX_TOKENS", "UNCACHED_TOKENS", "OWN_ATTENTION", "PREFILL_RATE", "LORA_MISS"})
    void aRequestMoreThanTwiceAsLargeIsOutside(Feature feature) {
        assertTrue(contains(feature, 20));
        assertFalse(contains(feature, 20.1f));
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "PENDING_TOKENS",
                "PENDING_ATTENTION",
                "PENDING_REQUESTS",
                "STALLED_MS",
                "DECODING_REQUESTS",
                "DECODING_CONTEXT",
                "WAITING",
                "RUNNING",
                "KV_USAGE"
            })
    void aLoadNeverSeenIsInside(Feature feature) {
        assertTrue(contains(feature, 1e9f));
    }

    @Test
    void withoutBoundsAllIsInside() {
        assertTrue(new SupportBox(List.of()).contains(new float[] {1e9f}, 0));
    }

    @Test
    void wrongBoundsAreRefused() {
        assertEquals(
                "1 support bounds for " + FeatureSchema.SIZE + " features",
                assertThrows(IllegalArgumentException.class, () -> new SupportBox(List.of(1f)))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> new SupportBox(Collections.nCopies(FeatureSchema.SIZE, Float.NaN)));
    }
}
