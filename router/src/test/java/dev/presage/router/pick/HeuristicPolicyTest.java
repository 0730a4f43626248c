package dev.presage.router.pick;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.TestFleet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeuristicPolicyTest {
    private static final HeuristicPolicy EQUAL = new HeuristicPolicy(1, 1, 1);

    /** Scheduling cases of the endpoint picker's contract, with the weights of its tests and with the shipped ones. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "select lower queue and kv cache,       3 0 10, 0.2 0.1  0.2, 1",
        "do not shed requests by default,       6 0 10, 0.2 0.85 0.9, 0",
        "equal queues leave it to the kv cache, 4 4 4,  0.5 0.4  0.6, 1",
        "equal kv caches leave it to the queue, 9 8 7,  0.3 0.3  0.3, 2"
    })
    void theContractsCases(String name, String queues, String kv, int expected) {
        String[] waiting = queues.split(" +");
        String[] usage = kv.split(" +");
        TestFleet fleet = TestFleet.of(waiting.length);
        for (int i = 0; i < waiting.length; i++) {
            fleet.scraped(i, Double.parseDouble(waiting[i]), 0, Double.parseDouble(usage[i]));
        }
        CandidateMatrix matrix = fleet.matrix(TestFleet.request(64));

        assertEquals(expected, EQUAL.choose(matrix, new Random(1)).candidate());
        assertEquals(
                expected, HeuristicPolicy.DEFAULT.choose(matrix, new Random(1)).candidate());
    }

    @Test
    void aMatchingPrefixOutweighsAShortQueueWithTheShippedWeights() {
        TestFleet fleet =
                TestFleet.of(2).scraped(0, 5, 0, 0.5).scraped(1, 0, 0, 0.5).holds(0, 10);
        CandidateMatrix matrix = fleet.matrix(TestFleet.request(650));

        assertEquals(0, HeuristicPolicy.DEFAULT.choose(matrix, new Random(1)).candidate());
        assertEquals(
                1, new HeuristicPolicy(2, 2, 1).choose(matrix, new Random(1)).candidate());
    }

    @Test
    void costIsTheNegativeWeightedSum() {
        TestFleet fleet = TestFleet.of(3)
                .scraped(0, 2, 0, 0.25)
                .scraped(1, 4, 0, 0.5)
                .scraped(2, 3, 0, 1)
                .holds(2, 5);

        Choice choice = HeuristicPolicy.DEFAULT.choose(fleet.matrix(TestFleet.request(640)), new Random(1));

        assertEquals(-(2 * 1 + 2 * 0.75 + 3 * 0), choice.costs()[0], 1e-6);
        assertEquals(-(2 * 0 + 2 * 0.5 + 3 * 0), choice.costs()[1], 1e-6);
        assertEquals(-(2 * 0.5 + 2 * 0 + 3 * 0.5), choice.costs()[2], 1e-6);
        assertEquals("heuristic", choice.policy());
        assertEquals(1, choice.propensity());
    }

    @Test
    void withoutAScrapeOwnAccountingDecides() {
        TestFleet fleet = TestFleet.of(2);
        fleet.dispatch(0, 100, 0, 0);

        assertEquals(
                1,
                EQUAL.choose(fleet.matrix(TestFleet.request(64)), new Random(1)).candidate());
    }

    @Test
    void equalsAreDrawnUniformly() {
        CandidateMatrix matrix = TestFleet.of(4).matrix(TestFleet.request(64));
        Random random = new Random(7);
        int[] chosen = new int[4];
        for (int i = 0; i < 4_000; i++) {
            Choice choice = EQUAL.choose(matrix, random);
            assertEquals(0.25, choice.propensity());
            chosen[choice.candidate()]++;
        }
        for (int count : chosen) {
            assertEquals(1_000, count, 5 * Math.sqrt(4_000 * 0.25 * 0.75));
        }
    }

    @Test
    void weightsMustNotBeNegative() {
        assertThrows(IllegalArgumentException.class, () -> new HeuristicPolicy(-1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new HeuristicPolicy(0, Double.NaN, 0));
    }
}
