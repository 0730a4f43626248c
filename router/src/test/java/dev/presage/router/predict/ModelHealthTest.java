package dev.presage.router.predict;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Exploration;
import dev.presage.router.pick.Fallback;
import dev.presage.router.pick.LearnedPolicy;
import dev.presage.router.pick.Objective;
import dev.presage.store.predict.Target;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModelHealthTest {
    private final ServingModel model = TestModels.work();
    private final CandidateMatrix matrix = new TestFleet("fast", "slow").matrix(TestFleet.request(640));
    private final ModelHealth health = new ModelHealth();

    private void end(int times, double ratio) {
        end(times, ratio, "");
    }

    private void end(int times, double ratio, String servedElsewhere) {
        Choice choice = new LearnedPolicy(model, Objective.OWN_LATENCY, Exploration.NONE).choose(matrix, new Random(1));
        double predicted = Objects.requireNonNull(choice.predictions()).locationMs(Target.TTFT, choice.candidate());
        Decision.Routed decision = new Decision.Routed(matrix, choice, Fallback.NONE, "");
        String servedBy = servedElsewhere.isEmpty() ? decision.endpoint().address() : servedElsewhere;
        for (int i = 0; i < times; i++) {
            health.ended(new Outcome(
                    decision,
                    0,
                    0,
                    true,
                    200,
                    EndCause.COMPLETED,
                    servedBy,
                    predicted * ratio,
                    null,
                    1,
                    Usage.UNKNOWN));
        }
    }

    @Test
    void errorsOutOfBoundsTakeTheModelOutUntilTheNextOne() {
        health.serves(model.bundleId());
        end(100, 1.2);
        assertTrue(health.calibrated());
        end(200, 3);
        assertFalse(health.calibrated());
        health.serves("another");
        assertTrue(health.calibrated());
    }

    @Test
    void aModelThatStoodAsideComesBackWhenItsErrorsDo() {
        health.serves(model.bundleId());
        end(200, 3);
        assertFalse(health.calibrated());
        end(150, 1.2);
        assertTrue(health.calibrated());
    }

    @Test
    void tooFewOutcomesAndThoseOfAnotherModelDoNotCount() {
        health.serves(model.bundleId());
        end(90, 3);
        assertTrue(health.calibrated());
        health.serves("another");
        end(200, 3);
        assertTrue(health.calibrated());
    }

    @Test
    void outcomesOfAnotherEndpointDoNotCount() {
        health.serves(model.bundleId());
        end(300, 3, "10.0.0.99:8000");
        assertTrue(health.calibrated());
    }

    @Test
    void slowDecisionsInARowPauseTheModelForASecond() {
        for (int i = 0; i < 9; i++) {
            health.took(30_000_000, i);
        }
        assertTrue(health.withinBudget(10));
        health.took(30_000_000, 10);
        assertFalse(health.withinBudget(11));
        assertTrue(health.withinBudget(1_000_000_010));
    }

    @Test
    void aFastDecisionBetweenSlowOnesKeepsTheModel() {
        for (int i = 0; i < 40; i++) {
            health.took(i % 9 == 8 ? 10_000_000 : 30_000_000, i);
        }
        assertTrue(health.withinBudget(41));
    }
}
