package dev.presage.router.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import org.junit.jupiter.api.Test;

class ServingModelTest {
    @Test
    void eachCandidateIsPredictedWithItsOwnClass() {
        TestFleet fleet = new TestFleet("fast", "slow", "never-seen");
        fleet.dispatch(1, 1_000, 0, 0);

        Predictions predictions = TestModels.work().predict(fleet.matrix(TestFleet.request(2_000)));

        assertEquals(3, predictions.rows());
        assertEquals(1 + 10 * 2, predictions.locationMs(Target.TTFT, 0), 1e-6);
        assertEquals(2 + 30 * 3, predictions.locationMs(Target.TTFT, 1), 1e-6);
        assertEquals(1 + 10 * 2, predictions.locationMs(Target.TTFT, 2), 1e-6);
        assertEquals(5, predictions.locationMs(Target.TPOT, 1), 1e-6);
        assertEquals(21 * Math.E, predictions.quantileMs(Target.TTFT, 0, 1), 1e-6);
    }
}
