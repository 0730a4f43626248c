package dev.presage.router.pick;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.predict.TestFleet;
import dev.presage.router.predict.TestModels;
import dev.presage.store.predict.Target;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearnedPolicyTest {
    private static final int DRAWS = 40_000;
    private final ServingModel model = TestModels.work();

    @Test
    void picksTheLowestPredictedTtft() {
        // 2 + 30 * 1 on the idle slow one against 1 + 10 * 2.5 on the busier fast one.
        TestFleet fleet = new TestFleet("slow", "fast");
        fleet.dispatch(1, 1_500, 0, 0);

        Choice choice = greedy().choose(fleet.matrix(TestFleet.request(1_000)), new Random(1));

        assertEquals(1, choice.candidate());
        assertEquals(32, choice.costs()[0], 1e-4);
        assertEquals(26, choice.costs()[1], 1e-4);
        assertEquals(1, choice.propensity());
        assertFalse(choice.explored());
        assertEquals("learned", choice.policy());
        assertEquals("test-work", choice.bundleId());
        assertNotNull(choice.predictions());
        assertEquals(26, choice.predictions().locationMs(Target.TTFT, 1), 1e-4);
    }

    @Test
    void explorationStaysWithinBothBounds() {
        // Predicted 11, 11.9, 12.5 and 21 ms.
        CandidateMatrix matrix = pending(0, 90, 150, 1_000);
        assertEquals(seen(true, true, false, false), explored(matrix, new Exploration(0.5, 50, 0.10)));
        assertEquals(seen(true, true, false, false), explored(matrix, new Exploration(0.5, 1, 9)));
        assertEquals(seen(true, true, true, false), explored(matrix, new Exploration(0.5, 2, 9)));
        assertEquals(seen(true, false, false, false), explored(matrix, new Exploration(0.5, 0, 0)));
        assertEquals(seen(true, false, false, false), explored(matrix, Exploration.NONE));
        assertThrows(IllegalArgumentException.class, () -> new Exploration(0.51, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Exploration(0.1, -1, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void loggedPropensitiesAreTheFrequenciesOfChoice(int shape) {
        CandidateMatrix matrix =
                switch (shape) {
                    case 0 -> pending(0, 20, 40, 1_000);
                    case 1 -> pending(0, 0, 0, 0);
                    case 2 -> pending(30, 0, 0, 30);
                    case 3 -> pending(0, 900, 900, 900);
                    default -> pending(5);
                };
        LearnedPolicy policy = new LearnedPolicy(model, Objective.OWN_LATENCY, new Exploration(0.3, 50, 0.10));
        Random random = new Random(20_260_101 + shape);
        int[] chosen = new int[matrix.size()];
        double[] logged = new double[matrix.size()];
        for (int i = 0; i < DRAWS; i++) {
            Choice choice = policy.choose(matrix, random);
            chosen[choice.candidate()]++;
            double before = logged[choice.candidate()];
            assertTrue(before == 0 || before == choice.propensity(), "one propensity per candidate and state");
            logged[choice.candidate()] = choice.propensity();
        }
        assertEquals(1, Arrays.stream(logged).sum(), 1e-12);
        for (int i = 0; i < logged.length; i++) {
            double bound = 4.5 * Math.sqrt(DRAWS * logged[i] * (1 - logged[i]));
            assertEquals(DRAWS * logged[i], chosen[i], bound + 1e-9, "candidate " + i + " of shape " + shape);
        }
    }

    @Test
    void whatTheModelCannotTellApartIsDrawn() {
        // Predicted 11, 11.01 and 11.2 ms: the second is within a thousandth.
        CandidateMatrix matrix = pending(0, 1, 20);
        assertEquals(seen(true, true, false), explored(matrix, Exploration.NONE));
        assertEquals(0.5, greedy().choose(matrix, new Random(1)).propensity());
    }

    @Test
    void onlyDrawsToLearnAreMarkedExplored() {
        LearnedPolicy policy = new LearnedPolicy(model, Objective.OWN_LATENCY, new Exploration(0.25, 50, 0.10));
        CandidateMatrix matrix = pending(0, 20);
        Random random = new Random(3);
        int explored = 0;
        for (int i = 0; i < DRAWS; i++) {
            Choice choice = policy.choose(matrix, random);
            explored += choice.explored() ? 1 : 0;
            assertTrue(choice.explored() || choice.candidate() == 0);
        }
        assertEquals(DRAWS * 0.25, explored, 4.5 * Math.sqrt(DRAWS * 0.25 * 0.75));
    }

    @Test
    void theSameSeedGivesTheSameChoices() {
        LearnedPolicy policy = new LearnedPolicy(model, Objective.OWN_LATENCY, new Exploration(0.5, 50, 0.10));
        CandidateMatrix matrix = pending(0, 10, 20, 30);

        assertEquals(sequence(policy, matrix, 11), sequence(policy, matrix, 11));
        assertFalse(sequence(policy, matrix, 11).equals(sequence(policy, matrix, 12)));
    }

    private static String sequence(LearnedPolicy policy, CandidateMatrix matrix, long seed) {
        Random random = new Random(seed);
        StringBuilder choices = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            choices.append(policy.choose(matrix, random).candidate());
        }
        return choices.toString();
    }

    private LearnedPolicy greedy() {
        return new LearnedPolicy(model, Objective.OWN_LATENCY, Exploration.NONE);
    }

    private String explored(CandidateMatrix matrix, Exploration exploration) {
        LearnedPolicy policy = new LearnedPolicy(model, Objective.OWN_LATENCY, exploration);
        Random random = new Random(5);
        boolean[] chosen = new boolean[matrix.size()];
        for (int i = 0; i < 500; i++) {
            chosen[policy.choose(matrix, random).candidate()] = true;
        }
        return Arrays.toString(chosen);
    }

    private static String seen(boolean... values) {
        return Arrays.toString(values);
    }

    /** Fast endpoints with so many tokens pending each, and a request of a thousand. */
    private static CandidateMatrix pending(int... tokens) {
        String[] classes = new String[tokens.length];
        Arrays.fill(classes, "fast");
        TestFleet fleet = new TestFleet(classes);
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] > 0) {
                fleet.dispatch(i, tokens[i], 0, 0);
            }
        }
        return fleet.matrix(TestFleet.request(1_000));
    }
}
