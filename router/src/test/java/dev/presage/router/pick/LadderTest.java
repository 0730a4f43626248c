package dev.presage.router.pick;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.predict.TestFleet;
import dev.presage.router.predict.TestModels;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LadderTest {
    private static final Duration MAX_AGE = Duration.ofHours(6);
    private static final Instant FRESH = TestModels.TRAINED_AT.plus(MAX_AGE);

    private final ServingModel model = TestModels.work();
    private final CandidateMatrix matrix = new TestFleet("fast", "slow").matrix(TestFleet.request(640));

    @Test
    void theModelDecidesWhileItMayBeTrusted() {
        Ladder.Rung rung = choose(true, model, FRESH);

        assertEquals(Fallback.NONE, rung.fallback());
        assertEquals("learned", rung.choice().policy());
        assertEquals(model.bundleId(), rung.choice().bundleId());
    }

    @Test
    void noModel() {
        assertLower(Fallback.NO_MODEL, choose(true, null, FRESH));
    }

    @Test
    void modelStale() {
        assertLower(Fallback.MODEL_STALE, choose(true, model, FRESH.plusMillis(1)));
    }

    @Test
    void disabled() {
        assertLower(Fallback.DISABLED, choose(false, model, FRESH));
        assertLower(Fallback.DISABLED, choose(false, null, FRESH));
    }

    @Test
    void theLowerRungIsConfigurable() {
        Ladder ladder = new Ladder(HeuristicPolicy.DEFAULT, Exploration.NONE, MAX_AGE, true);

        assertEquals(
                "heuristic",
                ladder.choose(matrix, null, FRESH, new Random(1)).choice().policy());
        assertEquals("lmetric", Ladder.DEFAULT.lower().name());
    }

    @Test
    void everyFallbackHasItsLabel() {
        assertEquals(
                List.of(
                        "",
                        "no-model",
                        "model-stale",
                        "out-of-support",
                        "calibration-off",
                        "metrics-stale",
                        "budget-exceeded",
                        "disabled"),
                Arrays.stream(Fallback.values()).map(Fallback::label).toList());
    }

    private Ladder.Rung choose(boolean learning, @Nullable ServingModel serving, Instant now) {
        return new Ladder(new LmetricPolicy(), Exploration.NONE, MAX_AGE, learning)
                .choose(matrix, serving, now, new Random(1));
    }

    private static void assertLower(Fallback expected, Ladder.Rung rung) {
        assertEquals(expected, rung.fallback());
        assertEquals("lmetric", rung.choice().policy());
        assertNull(rung.choice().predictions());
        assertEquals("", rung.choice().bundleId());
    }
}
