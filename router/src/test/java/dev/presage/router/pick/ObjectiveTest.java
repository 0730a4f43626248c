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
        // 20 wait there and 10 on average, 6 more than bursts leave; own prefill 10 ms there, 11 with the overhead
        // where it is idle.
        assertEquals(30 * 10 * 6 / 10.0, charged, 0.05 * charged);
        assertEquals(10 * 11 * 6 / 10.0, average, 0.05 * average);
    }

    @Test
    void whatAnotherHoldsIsFreeToComputeAgainWhereNobodyWaitsAndNothingIsEvicted() {
        CandidateMatrix matrix = new TestFleet("fast", "slow").holds(0, 10).matrix(TestFleet.request(1_000));
        assertEquals(cost(Objective.OWN_LATENCY, matrix, 1), cost(Objective.FLEET_LATENCY, matrix, 1), 1e-9);
    }

    @Test
    void whatAnotherHoldsIsChargedForThoseWhoWaitAndForWhatItEvicts() {
        TestFleet fleet = new TestFleet("fast", "slow").holds(0, 10);
        fleet.dispatch(0, 100, 0, TestFleet.NOW);
        CandidateMatrix matrix = fleet.matrix(TestFleet.request(1_000)).displacing(new double[] {0, 0.5});
        Predictions predictions = TestModels.work().predict(matrix);
        double cached = matrix.cachedTokens(0);
        double both = matrix.ownMs(0, predictions.locationMs(Target.TTFT, 0))
                + matrix.ownMs(1, predictions.locationMs(Target.TTFT, 1));
        double again = cached * both / (2_000 - cached);

        assertEquals(cost(Objective.OWN_LATENCY, matrix, 0), cost(Objective.FLEET_LATENCY, matrix, 0));
        double charged = cost(Objective.FLEET_LATENCY, matrix, 1) - cost(Objective.OWN_LATENCY, matrix, 1);
        // Half a request waits on average; half of it is computed again, which delays who asks for that and half of one
        // more.
        assertEquals(again * (0.5 + 0.5 * 1.5), charged, 1e-6);
    }

    @Test
    void queuesThatBurstsLeaveAreNotCharged() {
        TestFleet fleet = new TestFleet("fast", "fast", "fast", "fast");
        fleet.dispatch(0, 1_000, 0, TestFleet.NOW);
        CandidateMatrix matrix = fleet.matrix(TestFleet.request(1_000));
        assertEquals(cost(Objective.OWN_LATENCY, matrix, 0), cost(Objective.FLEET_LATENCY, matrix, 0));
    }
}
