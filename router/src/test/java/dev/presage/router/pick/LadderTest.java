package dev.presage.router.pick;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.predict.TestFleet;
import dev.presage.router.predict.TestModels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LadderTest {
    private static final Duration MAX_AGE = Duration.ofHours(6);
    private static final Instant FRESH = TestModels.TRAINED_AT.plus(MAX_AGE);

    private final ServingModel model = TestModels.work();
    private final CandidateMatrix matrix = new TestFleet("fast", "slow")
            .scraped(0, 0, 0, 0)
            .scraped(1, 0, 0, 0)
            .matrix(TestFleet.request(640));

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
    void calibrationOff() {
        assertLower(Fallback.CALIBRATION_OFF, choose(matrix, model, new Ladder.Health(false, true)));
    }

    @Test
    void budgetExceeded() {
        assertLower(Fallback.BUDGET_EXCEEDED, choose(matrix, model, new Ladder.Health(true, false)));
    }

    @Test
    void metricsStaleWhenMostCandidatesWereNotScrapedLately() {
        TestFleet half = new TestFleet("fast", "slow").scraped(0, 0, 0, 0);
        TestFleet few = new TestFleet("fast", "slow", "slow").scraped(0, 0, 0, 0);

        assertEquals(
                Fallback.NONE,
                choose(half.matrix(TestFleet.request(640)), model, Ladder.Health.GOOD)
                        .fallback());
        assertLower(Fallback.METRICS_STALE, choose(few.matrix(TestFleet.request(640)), model, Ladder.Health.GOOD));
    }

    @Test
    void outOfSupportWhenMostCandidatesAreUnlikeWhatWasLearnedFrom() {
        List<Float> high = new ArrayList<>(Collections.nCopies(FeatureSchema.SIZE, 1_000f));
        high.set(Feature.PROMPT_TOKENS.ordinal(), 320f);

        assertEquals(
                Fallback.NONE,
                choose(matrix, TestModels.work(high), Ladder.Health.GOOD).fallback());
        high.set(Feature.PROMPT_TOKENS.ordinal(), 319f);
        assertLower(Fallback.OUT_OF_SUPPORT, choose(matrix, TestModels.work(high), Ladder.Health.GOOD));
    }

    @Test
    void theLowerRungIsConfigurable() {
        Ladder ladder = new Ladder(HeuristicPolicy.DEFAULT, Objective.OWN_LATENCY, Exploration.NONE, MAX_AGE, true);

        assertEquals(
                "heuristic",
                ladder.choose(matrix, null, FRESH, Ladder.Health.GOOD, new Random(1))
                        .choice()
                        .policy());
        assertEquals("fleet-lmetric", Ladder.DEFAULT.lower().name());
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
                        "disabled",
                        "plugin-failed"),
                Arrays.stream(Fallback.values()).map(Fallback::label).toList());
    }

    private Ladder.Rung choose(boolean learning, @Nullable ServingModel serving, Instant now) {
        return new Ladder(new LmetricPolicy(), Objective.OWN_LATENCY, Exploration.NONE, MAX_AGE, learning)
                .choose(matrix, serving, now, Ladder.Health.GOOD, new Random(1));
    }

    private static Ladder.Rung choose(CandidateMatrix candidates, ServingModel serving, Ladder.Health health) {
        return new Ladder(new LmetricPolicy(), Objective.OWN_LATENCY, Exploration.NONE, MAX_AGE, true)
                .choose(candidates, serving, FRESH, health, new Random(1));
    }

    private static void assertLower(Fallback expected, Ladder.Rung rung) {
        assertEquals(expected, rung.fallback());
        assertEquals("lmetric", rung.choice().policy());
        assertNull(rung.choice().predictions());
        assertEquals("", rung.choice().bundleId());
    }
}
