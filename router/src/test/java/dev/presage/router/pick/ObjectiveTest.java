package dev.presage.router.pick;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.TestFleet;
import dev.presage.router.predict.TestModels;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import org.junit.jupiter.api.Test;

class ObjectiveTest {
    private static double cost(Objective objective, CandidateMatrix matrix, int candidate) {
        return objective.cost(matrix, TestModels.work().predict(matrix), candidate);
    }

    @Test
    void ownLatencyIsThePredictedTtft() {
        CandidateMatrix matrix = new TestFleet("fast", "slow").matrix(TestFleet.request(1_000));
        Predictions predictions = TestModels.work().predict(matrix);
        assertEquals(predictions.locationMs(Target.TTFT, 1), cost(Objective.OWN_LATENCY, matrix, 1));
    }

    @Test
    void anIdleEndpointThatNobodyComesToDelaysNobody() {
        CandidateMatrix matrix = new TestFleet("fast").matrix(TestFleet.request(1_000));
        assertEquals(cost(Objective.OWN_LATENCY, matrix, 0), cost(Objective.FLEET_LATENCY, matrix, 0), 1e-9);
    }

    @Test
    void aBusyEndpointIsChargedForThoseWhoWaitBehind() {
        TestFleet fleet = new TestFleet("fast", "fast");
        for (int i = 0; i < 20; i++) {
            fleet.dispatch(0, 4_000, 0, TestFleet.NOW);
        }
        CandidateMatrix matrix = fleet.matrix(TestFleet.request(1_000));
        double extra = cost(Objective.FLEET_LATENCY, matrix, 0) - cost(Objective.OWN_LATENCY, matrix, 0);
        assertTrue(extra > 1, "extra " + extra);
        assertEquals(cost(Objective.OWN_LATENCY, matrix, 1), cost(Objective.FLEET_LATENCY, matrix, 1), 1e-9);
    }
}
