package dev.presage.testbed.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EngineProfileTest {
    private final EngineProfile h100 = EngineProfile.named("h100-llama-2-70b-hf-tp8");

    @Test
    void readsTheTable() {
        assertEquals(8, EngineProfile.names().size());
        assertEquals(13.0, h100.linearMs(1));
        assertEquals(11.44, h100.linearMs(8));
        assertEquals(95.08, h100.linearMs(2048));
        assertEquals(1_336_669 / 16, h100.kvBlocks());
    }

    @Test
    void interpolatesInsideAndExtrapolatesPastTheTable() {
        assertEquals((73.2 + 95.08) / 2, h100.linearMs(1792), 1e-9);
        assertEquals(13.0 + (11.44 - 13.0) * 3 / 7, h100.linearMs(4), 1e-9);
        assertEquals(2 * 173.12, h100.linearMs(8192), 1e-9);
    }

    @Test
    void aStepAddsOverheadKvReadsAndAttention() {
        assertEquals(2 + 16.24, h100.stepMs(128, 0, 0), 1e-9);
        double read = 1000 * 327_680.0 * 100_000 / (0.7 * 26.8e12);
        assertEquals(2 + 16.24 + read, h100.stepMs(128, 100_000, 0), 1e-9);
        // A chunk of 2,048 after 4,096 tokens: 4 * hidden * layers * chunk * (before + chunk / 2) operations.
        double attend = 1000 * 4.0 * 8192 * 80 * 2048 * (4096 + 1024) / (0.4 * 7.912e15);
        assertEquals(2 + 95.08 + attend, h100.stepMs(2048, 0, 2048L * (2 * 4096 + 2048)), 1e-9);
    }

    @Test
    void namesWhatIsWrong() {
        String unknown = String.valueOf(assertThrows(IllegalArgumentException.class, () -> EngineProfile.named("tpu"))
                .getMessage());
        assertTrue(unknown.contains("'tpu'") && unknown.contains("h100-llama-2-7b-hf-tp1"), unknown);
        String small = String.valueOf(assertThrows(IllegalArgumentException.class, () -> h100.withKvCapacityTokens(16))
                .getMessage());
        assertTrue(small.contains("kvCapacityTokens must be at least 32, got 16"), small);
    }
}
