package dev.presage.router.plugin.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Ladder;
import dev.presage.router.plugin.Admitter;
import dev.presage.router.plugin.FaultLog;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Rounds;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.predict.TestModels;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GateTest {
    private final FaultLog faults = new FaultLog();

    @Test
    void sheddableRequestsAreTurnedAwayWhileTheFleetIsFull() {
        Rounds full = new Rounds().endpoint().scraped(6, 9, 0.2).endpoint().scraped(0, 9, 0.8);
        assertEquals(
                new Decision.Shed("system saturated, sheddable request dropped", ""), decide(full.priority(-1), null));
        assertInstanceOf(Decision.Routed.class, decide(full.priority(0), null));
        Rounds busy = new Rounds().endpoint().scraped(6, 9, 0.2).endpoint().scraped(0, 9, 0.7);
        assertEquals((6.0 / 5 + 0.7 / 0.8) / 2, UtilizationDetector.DEFAULT.saturation(busy.round()), 1e-6);
        Rounds exactly = new Rounds().endpoint().scraped(5, 9, 0.2).priority(-1);
        assertEquals(1, UtilizationDetector.DEFAULT.saturation(exactly.round()), 0);
        assertInstanceOf(Decision.Shed.class, decide(exactly, null), "full is full");
        Rounds calm = new Rounds().endpoint().scraped(4, 9, 0.2).priority(-1);
        assertInstanceOf(Decision.Routed.class, decide(calm, null));
    }

    @Test
    void concurrencyCountsRequestsTokensOrBoth() {
        Rounds rounds = new Rounds().endpoint().inFlight(3, 400).endpoint();
        assertEquals(0.75, saturation(ConcurrencyDetector.Mode.REQUESTS, rounds), 1e-9);
        assertEquals(0.6, saturation(ConcurrencyDetector.Mode.TOKENS, rounds), 1e-9);
        assertEquals(0.75, saturation(ConcurrencyDetector.Mode.HYBRID, rounds), 1e-9);
        ConcurrencyDetector strict = new ConcurrencyDetector(ConcurrencyDetector.Mode.REQUESTS, 2, 1000, 0);
        assertEquals(1, strict.keep(rounds.round()).candidates()[0]);
        assertEquals(
                2,
                new UtilizationDetector(1e-6, 1, 0)
                        .keep(new Rounds()
                                .endpoint()
                                .scraped(1, 0, 0)
                                .endpoint()
                                .scraped(1, 0, 0)
                                .round())
                        .candidates()
                        .length,
                "a filter that leaves nobody leaves all");
    }

    private static double saturation(ConcurrencyDetector.Mode mode, Rounds rounds) {
        return new ConcurrencyDetector(mode, 2, 1000, 0).saturation(rounds.round());
    }

    @Test
    void requestsWhoseSloNobodyKeepsAreDeniedUnlessSomebodyIsIdleOrCold() {
        LatencySloAdmitter admitter = new LatencySloAdmitter();
        Rounds slow = new Rounds()
                .prompt(1000)
                .endpoint()
                .scraped(0, 3, 0.5)
                .inFlight(1, 9000)
                .priority(-1);
        assertInstanceOf(Decision.Routed.class, decide(slow, TestModels.work(), admitter), "no SLO");
        slow.header("x-slo-ttft-ms", "50");
        assertEquals(
                new Decision.Shed("request cannot be admitted: no valid endpoint available to serve the request", ""),
                decide(slow, TestModels.work(), admitter));
        assertInstanceOf(Decision.Routed.class, decide(slow, null, admitter), "no prediction");
        assertInstanceOf(
                Decision.Routed.class, decide(slow.header("x-slo-ttft-ms", "500"), TestModels.work(), admitter));
        slow.header("x-slo-ttft-ms", "50").scraped(0, 0, 0.5);
        assertInstanceOf(Decision.Routed.class, decide(slow, TestModels.work(), admitter), "idle");
        assertInstanceOf(Decision.Routed.class, decide(slow.scraped(0, 3, 0.01), TestModels.work(), admitter), "cold");
    }

    @Test
    void theProbabilityOfDenialGrowsWithSaturation() {
        ProbabilisticAdmitter admitter = new ProbabilisticAdmitter(UtilizationDetector.DEFAULT, 5, 300);
        Rounds rounds = new Rounds().endpoint().scraped(1, 1, 0);
        int denied = 0;
        for (int seed = 0; seed < 4000; seed++) {
            denied += admitter.denial(rounds.round(null, LatencySettings.DEFAULT, 31L * seed))
                            .isPresent()
                    ? 1
                    : 0;
        }
        assertEquals(Math.pow(0.2, 5) * 300, denied / 4000.0, 0.02);
    }

    @Test
    void anAdmitterThatFailsAdmits() {
        Admitter broken = round -> {
            throw new IllegalStateException("broken on purpose");
        };
        Rounds rounds = new Rounds().endpoint().scraped(0, 1, 0.5).priority(-1);
        assertInstanceOf(Decision.Routed.class, decide(rounds, null, broken));
        assertEquals(1, faults.count());
    }

    private Decision decide(Rounds rounds, @Nullable ServingModel model, Admitter... admitters) {
        Gate gate = new Gate(
                UtilizationDetector.DEFAULT, List.of(admitters), LatencySettings.DEFAULT, faults, Ladder.DEFAULT);
        return gate.schedule(rounds.matrix(), Rounds.moment(model, 1));
    }
}
