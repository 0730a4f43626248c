package dev.presage.router.pick;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.router.fleet.EndpointState;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.FleetSnapshot;
import dev.presage.router.fleet.QueueState;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.TestFleet;
import dev.presage.router.predict.TestModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A decision taken again from what was logged of it, by a policy and a model made anew. */
class ReplayTest {
    private static final int STATES = 200;

    static List<Integer> policies() {
        return List.of(0, 1, 2, 3, 4);
    }

    private static Policy policy(int which) {
        return switch (which) {
            case 0 -> new HeuristicPolicy(2, 2, 3);
            case 1 -> new LmetricPolicy();
            case 2 -> new FleetLmetricPolicy();
            case 3 -> new LearnedPolicy(TestModels.work(), Objective.OWN_LATENCY, Exploration.NONE);
            default -> new LearnedPolicy(TestModels.work(), Objective.OWN_LATENCY, new Exploration(0.5, 100, 1));
        };
    }

    @ParameterizedTest
    @MethodSource("policies")
    void theLoggedMatrixAndTheSameRandomGiveTheSameChoice(int which) {
        Policy deciding = policy(which);
        Policy replaying = policy(which);
        for (long seed = 0; seed < STATES; seed++) {
            CandidateMatrix decided = matrix(new SplittableRandom(seed));
            Choice choice = deciding.choose(decided, new Random(seed));
            Choice again = replaying.choose(logged(decided), new Random(seed));

            String at = deciding.name() + ", seed " + seed;
            assertEquals(choice.candidate(), again.candidate(), at);
            assertEquals(choice.propensity(), again.propensity(), at);
            assertEquals(choice.explored(), again.explored(), at);
            assertEquals(choice.bundleId(), again.bundleId(), at);
            assertArrayEquals(choice.costs(), again.costs(), at);
        }
    }

    private static CandidateMatrix matrix(SplittableRandom random) {
        int size = random.nextInt(1, 9);
        String[] classes = new String[size];
        for (int i = 0; i < size; i++) {
            classes[i] = random.nextBoolean() ? "fast" : "slow";
        }
        TestFleet fleet = new TestFleet(classes);
        for (int i = 0; i < size; i++) {
            if (random.nextBoolean()) {
                fleet.scraped(i, random.nextInt(10), random.nextInt(50), random.nextDouble());
            }
            fleet.holds(i, random.nextInt(20));
            for (int sent = random.nextInt(4); sent > 0; sent--) {
                fleet.dispatch(i, random.nextInt(5_000), random.nextInt(1_000), random.nextLong(TestFleet.NOW));
            }
        }
        return fleet.matrix(TestFleet.request(random.nextInt(4_000)));
    }

    /** Only what the log keeps: endpoints, cached tokens and rows; no queue, no signals, no clock. */
    private static CandidateMatrix logged(CandidateMatrix decided) {
        List<EndpointState> endpoints = new ArrayList<>();
        int[] cached = new int[decided.size()];
        float[] rows = new float[decided.size() * FeatureSchema.SIZE];
        boolean[] fresh = new boolean[decided.size()];
        double[] corrections = new double[decided.size()];
        double[] displaced = new double[decided.size()];
        for (int i = 0; i < decided.size(); i++) {
            endpoints.add(new EndpointState(decided.state(i).endpoint(), EngineSignals.UNKNOWN, QueueState.IDLE));
            cached[i] = decided.cachedTokens(i);
            fresh[i] = decided.fresh(i);
            corrections[i] = decided.correction(i);
            displaced[i] = decided.displacement(i);
            System.arraycopy(decided.row(i), 0, rows, i * FeatureSchema.SIZE, FeatureSchema.SIZE);
        }
        return CandidateMatrix.logged(decided.request(), new FleetSnapshot(endpoints), cached, rows, fresh, corrections)
                .displacing(displaced);
    }
}
