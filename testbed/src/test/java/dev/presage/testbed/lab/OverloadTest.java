package dev.presage.testbed.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.testbed.trace.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A short overload of one replica: the whole way of a request through production's queues and picker. */
class OverloadTest {
    private static final double CALM_MS = 10_000;
    private static final double BUSY_MS = 60_000;
    /** A little more than one replica can do. */
    private static final double PER_SECOND = 16;

    @Test
    void criticalRequestsAreInTimeAndTheOthersShareByWeight() {
        OverloadResult open = run(FlowMode.NONE);
        OverloadResult presage = run(FlowMode.PRESAGE);
        assertTrue(open.criticalKept() < 0.5, "without flow control " + open.criticalKept());
        assertTrue(presage.criticalKept() > 0.99, "with it " + presage.criticalKept());
        assertEquals(open.critical(), presage.critical(), "the same requests");
        double[] shares = presage.shares();
        assertTrue(shares[0] > 1.2 * shares[1] && shares[1] > 1.2 * shares[2], List.of(shares[0], shares[1]) + "");
        assertTrue(presage.starvedMs() < 10_000, presage.starvedMs() + " ms");
        assertTrue(
                presage.done().tokens() > 0.93 * open.done().tokens(),
                presage.done().tokens() + " of " + open.done().tokens());
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        OverloadResult first = run(FlowMode.PEER_LIKE);
        OverloadResult second = run(FlowMode.PEER_LIKE);
        assertEquals(first.criticalTtft(), second.criticalTtft());
        assertEquals(first.standardTtft(), second.standardTtft());
        assertEquals(first.shed(), second.shed());
    }

    @Test
    void anUnknownKindOfFlowControlIsNamed() {
        assertThrows(IllegalArgumentException.class, () -> FlowMode.named("some"));
    }

    private static OverloadResult run(FlowMode mode) {
        var arrivals = TenantTraffic.of(Workload.AZURE_SESSIONS, PER_SECOND, 0.6, CALM_MS, 1.5, BUSY_MS, 3);
        OverloadTally tally = new OverloadTally(CALM_MS, CALM_MS + BUSY_MS, 1_000);
        new FlowRun(FleetSpec.parse("h100-llama-2-70b-hf-tp8"), LabPolicy.named("lmetric"), mode, 1, tally)
                .run(Arrivals.of(arrivals), CALM_MS + BUSY_MS);
        return tally.result(mode.label());
    }
}
