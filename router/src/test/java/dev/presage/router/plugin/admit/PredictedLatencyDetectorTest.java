package dev.presage.router.plugin.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Rounds;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.predict.TestModels;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PredictedLatencyDetectorTest {
    private static final PredictedLatencyDetector DETECTOR = new PredictedLatencyDetector(100, 0.9, 2, 0, 0);

    @Test
    void theWaitCountsAndNotTheRequestsOwnPrefill() {
        // 1 + 10 ms a thousand of 30,000 pending and 640 own tokens.
        Rounds rounds = new Rounds().prompt(640).endpoint().scraped(0, 3, 0.1).inFlight(3, 10_000);
        double ttft = 1 + 10 * 30.64;
        assertEquals(ttft * 30_000 / 30_640 / 100, of(rounds, TestModels.work(), 0), 1e-3);
        Rounds huge = new Rounds().prompt(64_000).endpoint().scraped(0, 3, 0).inFlight(1, 10);
        assertEquals(0.001, of(huge, TestModels.work(), 0), 1e-2, "a long prompt alone fills nobody");
    }

    @Test
    void anIdleEndpointIsNeverFull() {
        Rounds rounds = new Rounds()
                .prompt(64_000)
                .endpoint()
                .signals(new EngineSignals(0, 0, 0.99, 16, 100, Set.of(), Rounds.NOW));
        assertEquals(0, of(rounds, TestModels.work(), 0));
    }

    @Test
    void whatIsOnItsWayToTheCacheCounts() {
        Rounds rounds = new Rounds()
                .prompt(640)
                .endpoint()
                .signals(new EngineSignals(0, 1, 0.5, 16, 1_000, Set.of(), Rounds.NOW))
                .inFlight(1, 3_360);
        assertEquals((0.5 + (3_360 + 640) / 16_000.0) / 0.9, of(rounds, null, 0), 1e-6);
    }

    @Test
    void withoutAModelQueuesDecide() {
        Rounds rounds = new Rounds().endpoint().scraped(1, 3, 0.1);
        assertEquals(0.5, of(rounds, null, 0), 1e-6);
        assertEquals(1.5, of(rounds, null, 2), 1e-6, "what its signals do not show yet");
    }

    private static double of(Rounds rounds, @Nullable ServingModel model, int unseen) {
        return DETECTOR.of(rounds.round(model, LatencySettings.DEFAULT, 1), 0, unseen);
    }
}
