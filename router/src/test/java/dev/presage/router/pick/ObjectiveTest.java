package dev.presage.router.pick;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.TestFleet;
import dev.presage.router.predict.TestModels;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import org.junit.jupiter.api.Test;

class ObjectiveTest {
    private static double cost(Objective objective, CandidateMatrix matrix, int candidate) {
        return objective.costs(matrix, TestModels.work().predict(matrix))[candidate];
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
        double charged = cost(Objective.FLEET_LATENCY, matrix, 0) - cost(Objective.OWN_LATENCY, matrix, 0);
        double average = cost(Objective.FLEET_LATENCY, matrix, 1) - cost(Objective.OWN_LATENCY, matrix, 1);
        // 20 wait there and 10 on average; loaded 10 / 14; own prefill 10 ms there, 11 with the overhead where it is
        // idle.
        assertEquals(30 * 10 * 10 / 14.0, charged, 0.05 * charged);
        assertEquals(10 * 11 * 10 / 14.0, average, 0.05 * average);
    }

    @Test
    void theChargeVanishesWithTheLoad() {
        TestFleet fleet = new TestFleet("fast", "fast", "fast", "fast");
        fleet.dispatch(0, 1_000, 0, TestFleet.NOW);
        CandidateMatrix matrix = fleet.matrix(TestFleet.request(1_000));
        double own = cost(Objective.OWN_LATENCY, matrix, 0);
        assertEquals(own, cost(Objective.FLEET_LATENCY, matrix, 0), 0.05 * own);
    }
}
