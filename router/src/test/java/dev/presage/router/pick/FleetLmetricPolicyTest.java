package dev.presage.router.pick;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.TestFleet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FleetLmetricPolicyTest {
    private static final FleetLmetricPolicy POLICY = new FleetLmetricPolicy();

    @Test
    void costIsLmetricsAndTheSurplusAtTheMeanBatch() {
        TestFleet fleet = TestFleet.of(3).holds(1, 5);
        fleet.dispatch(0, 1_000, 0, 0);
        fleet.dispatch(1, 300, 0, 0).firstToken(1);
        fleet.dispatch(1, 400, 0, 2);

        Choice choice = POLICY.choose(fleet.matrix(TestFleet.request(640)), new Random(1));

        double surplus = 320 * (2 + 3 + 1) / 3.0;
        double[] costs = {(1_000 + 640) * 2 + surplus, (400 + 640 - 320) * 3, 640 + surplus};
        assertArrayEquals(costs, choice.costs(), 1e-9);
        assertEquals(2, choice.candidate());
        assertEquals(1, choice.propensity());
        assertEquals("fleet-lmetric", choice.policy());
    }

    @Test
    void aShortQueueDoesNotDrawAPromptAwayFromWhereItIsHeld() {
        TestFleet fleet = TestFleet.of(2).holds(0, 10);
        fleet.dispatch(0, 400, 0, 0);
        CandidateMatrix matrix = fleet.matrix(TestFleet.request(650));

        assertEquals(0, POLICY.choose(matrix, new Random(1)).candidate());
        assertEquals(1, new LmetricPolicy().choose(matrix, new Random(1)).candidate());
    }

    @Test
    void whereNobodyHoldsMoreThanOthersItIsLmetric() {
        TestFleet fleet = TestFleet.of(3);
        fleet.dispatch(0, 1_000, 0, 0);
        fleet.dispatch(1, 300, 0, 0).firstToken(1);
        CandidateMatrix matrix = fleet.matrix(TestFleet.request(640));

        assertArrayEquals(
                new LmetricPolicy().choose(matrix, new Random(1)).costs(),
                POLICY.choose(matrix, new Random(1)).costs());
    }
}
