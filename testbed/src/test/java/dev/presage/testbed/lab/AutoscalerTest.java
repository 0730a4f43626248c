package dev.presage.testbed.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.trace.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The autoscaler of the lab follows a surge up and down, and within its bounds. */
class AutoscalerTest {
    private static final EngineProfile PROFILE = EngineProfile.named("h100-llama-2-70b-hf-tp8");
    private static final double CAPACITY = 1;
    private static final int MOST = 8;
    private static final Surge SURGE = new Surge(CAPACITY);

    @Test
    void growsShrinksAndIsLateByTheStartOfReplicas() {
        ScalingResult late = run(120_000);
        ScalingResult atOnce = run(0);
        assertTrue(late.most() > 2 && late.most() <= MOST, late.toString());
        // It shrinks again: the most are not kept to the end.
        assertTrue(late.replicaHours() < late.most() * Surge.END_MINUTE / 60, late.toString());
        assertTrue(late.lagSeconds() >= 120, late.toString());
        assertTrue(atOnce.lagSeconds() < late.lagSeconds(), atOnce + " " + late);
        assertTrue(atOnce.shortMinutes() < late.shortMinutes(), atOnce + " " + late);
        assertTrue(atOnce.ttftMs().p95() < late.ttftMs().p95(), atOnce + " " + late);
    }

    @Test
    void theSurgeIsWhatItSays() {
        assertEquals(CAPACITY, SURGE.perSecond(0));
        assertEquals(4 * CAPACITY, SURGE.perSecond(20 * 60_000));
        assertEquals(5 * CAPACITY, SURGE.perSecond(40 * 60_000));
        assertEquals(CAPACITY, SURGE.perSecond(50 * 60_000));
        assertEquals(
                SURGE.arrivals(Workload.CONVERSATION, 1).size(),
                SURGE.arrivals(Workload.CONVERSATION, 1).size());
    }

    @Test
    void bounds() {
        assertThrows(IllegalArgumentException.class, () -> new Autoscaler.Limits(0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Autoscaler.Limits(3, 2, 0));
        assertThrows(IllegalArgumentException.class, () -> ScalingSignal.named("cpu"));
        assertEquals(
                List.of("utilisation", "kv-usage", "queue", "pending-tokens", "predicted-saturation"),
                ScalingSignal.labels());
    }

    private static ScalingResult run(double startMs) {
        return new ScalingRun(
                        PROFILE,
                        new Autoscaler.Limits(2, MOST, startMs),
                        SURGE,
                        CAPACITY,
                        SURGE.arrivals(Workload.CONVERSATION, 1),
                        ScalingSignal.KV,
                        0.25,
                        2_000,
                        "lmetric",
                        1)
                .go();
    }
}
