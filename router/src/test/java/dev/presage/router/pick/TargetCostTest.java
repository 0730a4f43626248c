package dev.presage.router.pick;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.predict.Aim;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.Placement;
import dev.presage.router.predict.TestFleet;
import dev.presage.router.predict.TestModels;
import dev.presage.router.request.LatencyTargets;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** TPOT is 5 ms everywhere, with a 90th percentile of 13.6; TTFT is 1 + 10 ms per thousand tokens on fast endpoints. */
class TargetCostTest {
    private static final double ANY = Double.POSITIVE_INFINITY;
    private static final TargetCost COST = new TargetCost(Objective.OWN_LATENCY);

    @Example
    void theChanceGoesThroughTheCalibratedQuantiles() {
        Predictions predictions = TestModels.work().predict(new TestFleet("fast").matrix(TestFleet.request(1_000)));
        assertEquals(0.5, predictions.probabilityWithin(Target.TTFT, 0, 11), 1e-4);
        assertEquals(0.9, predictions.probabilityWithin(Target.TTFT, 0, 11 * Math.E), 1e-4);
        // Log odds are 0 and ln 9 there, so that they are 2 ln 9 and -ln 9 a step further out.
        assertEquals(81 / 82.0, predictions.probabilityWithin(Target.TTFT, 0, 11 * Math.E * Math.E), 1e-4);
        assertEquals(0.1, predictions.probabilityWithin(Target.TTFT, 0, 11 / Math.E), 1e-4);
        assertEquals(1, predictions.probabilityWithin(Target.TTFT, 0, ANY));
    }

    @Example
    void withoutTargetsTheOtherCostStandsAlone() {
        TestFleet fleet = busy();
        Choice choice = choose(fleet, Aim.NONE);
        assertEquals(0, choice.candidate());
        assertEquals(11, choice.costs()[0], 1e-4);
        assertEquals(TargetStanding.NONE, choice.standing());
    }

    @Example
    void amongThoseThatMeetThePlacementDecides() {
        // 11, 21 and 31 ms against 200.
        TestFleet fleet = busy();
        fleet.dispatch(2, 1, 0, 0);
        LatencyTargets targets = new LatencyTargets(200, ANY);
        assertEquals(0, choose(fleet, new Aim(targets, 0.9, Placement.CHEAPEST)).candidate());
        assertEquals(0, choose(fleet, new Aim(targets, 0.9, Placement.SPREAD)).candidate());
        Choice packed = choose(fleet, new Aim(targets, 0.9, Placement.PACK));
        assertEquals(2, packed.candidate());
        assertEquals(TargetStanding.MET, packed.standing());
    }

    @Example
    void packingStopsWhereTargetsEnd() {
        TestFleet fleet = busy();
        fleet.dispatch(2, 20_000, 0, 0);
        Aim aim = new Aim(new LatencyTargets(100, ANY), 0.9, Placement.PACK);
        assertEquals(1, choose(fleet, aim).candidate());
    }

    @Example
    void aRequestGoesWhereItDoesNotBreakTheTpotOfThoseThatRun() {
        TestFleet fleet = busy();
        fleet.dispatch(0, 1, 4.0);
        Choice choice = choose(fleet, Aim.NONE.at(new LatencyTargets(500, ANY)));
        assertEquals(1, choice.candidate(), "the first is the fastest, but a request there needs 4 ms");
        assertEquals(TargetStanding.MET, choice.standing());
        assertEquals(1, choose(fleet, Aim.NONE).candidate(), "also one without targets of its own");
    }

    @Example
    void itWouldRatherMissItsOwnTargetThanBreakAnothers() {
        TestFleet fleet = busy();
        fleet.dispatch(0, 1, 4.0);
        Choice choice = choose(fleet, Aim.NONE.at(new LatencyTargets(15, ANY)));
        assertEquals(1, choice.candidate());
        assertEquals(TargetStanding.TTFT_UNLIKELY, choice.standing());
    }

    @Example
    void whenNobodyMeetsTheLeastBadIsNamed() {
        TestFleet fleet = busy();
        Choice late = choose(fleet, Aim.NONE.at(new LatencyTargets(10, ANY)));
        assertEquals(0, late.candidate());
        assertEquals(TargetStanding.TTFT_UNLIKELY, late.standing());
        assertEquals(
                TargetStanding.TPOT_UNLIKELY,
                choose(fleet, Aim.NONE.at(new LatencyTargets(500, 4))).standing());
        for (int i = 0; i < 3; i++) {
            fleet.dispatch(i, 1, 4.0 - i);
        }
        Choice breaking = choose(fleet, Aim.NONE.at(new LatencyTargets(500, 100)));
        assertEquals(0, breaking.candidate(), "4 ms is the likeliest to be kept");
        assertEquals(TargetStanding.RUNNING_BROKEN, breaking.standing());
    }

    @Property(tries = 300)
    void noOtherClassOfCandidatesIsTakenWhileABetterOneHasAny(@ForAll long seed) {
        Random random = new Random(seed);
        TestFleet fleet = TestFleet.of(1 + random.nextInt(8));
        for (int i = random.nextInt(20); i > 0; i--) {
            int endpoint = random.nextInt(fleet.matrix(TestFleet.request(1)).size());
            fleet.dispatch(endpoint, random.nextInt(5_000), 3 + 40 * random.nextDouble());
        }
        Aim aim = new Aim(
                new LatencyTargets(5 + random.nextInt(200), 3 + 40 * random.nextDouble()),
                0.5 + 0.49 * random.nextDouble(),
                Placement.values()[random.nextInt(3)]);
        CandidateMatrix matrix = fleet.matrix(TestFleet.request(1_000)).aimedAt(aim);
        Choice choice = policy(new Exploration(0.5, 50, 1)).choose(matrix, random);
        Predictions predictions = TestModels.work().predict(matrix);
        int best = 2;
        for (int i = 0; i < matrix.size(); i++) {
            best = Math.min(best, classOf(matrix, predictions, i));
        }
        assertEquals(best, classOf(matrix, predictions, choice.candidate()));
        assertTrue(choice.propensity() > 0);
    }

    private static int classOf(CandidateMatrix matrix, Predictions predictions, int i) {
        Aim aim = matrix.aim();
        double own = predictions.probabilityWithin(Target.TTFT, i, aim.targets().ttftMs())
                * predictions.probabilityWithin(Target.TPOT, i, aim.targets().tpotMs());
        boolean whole = predictions.probabilityWithin(Target.TPOT, i, matrix.runningTpotMs(i)) >= 0.5;
        return !whole ? 2 : own < aim.confidence() ? 1 : 0;
    }

    /** Fast endpoints with nothing, a thousand and two thousand tokens pending. */
    private static TestFleet busy() {
        TestFleet fleet = new TestFleet("fast", "fast", "fast");
        fleet.dispatch(1, 1_000, 0, 0);
        fleet.dispatch(2, 2_000, 0, 0);
        return fleet;
    }

    private static Choice choose(TestFleet fleet, Aim aim) {
        return policy(Exploration.NONE)
                .choose(fleet.matrix(TestFleet.request(1_000)).aimedAt(aim), new Random(1));
    }

    private static LearnedPolicy policy(Exploration exploration) {
        return new LearnedPolicy(TestModels.work(), COST, exploration);
    }
}
