package dev.presage.router.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.predict.OnlineCoverage;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OnlineCoverageTest {
    private final ServingModel model = TestModels.work();
    private final OnlineCoverage coverage = new OnlineCoverage();
    private final CandidateMatrix matrix = new TestFleet("fast").matrix(TestFleet.request(1_000));
    private final SplittableRandom random = new SplittableRandom(3);

    private Predictions predict() {
        Predictions predictions = model.predict(matrix);
        predictions.read(coverage.shifts());
        return predictions;
    }

    /** Outcomes whose logarithm is normal around the location; how many of the last half each quantile covered. */
    private double[] covered(int count, double shift, double noise) {
        double[] covered = new double[2];
        for (int i = 0; i < count; i++) {
            Predictions said = predict();
            double actual = said.locationMs(Target.TTFT, 0) * Math.exp(shift + noise * random.nextGaussian());
            for (int level = 0; i >= count / 2 && level < covered.length; level++) {
                covered[level] += actual <= said.quantileMs(Target.TTFT, 0, level) ? 2.0 / count : 0;
            }
            coverage.saw(said, Target.TTFT, 0, actual);
        }
        return covered;
    }

    @Test
    void quantilesThatPromiseTooMuchComeToKeepTheirWord() {
        // The model says that the p90 is e times the median; it is 1.14 times.
        double[] covered = covered(4_000, 0, 0.1);
        assertEquals(0.5, covered[0], 0.05);
        assertEquals(0.9, covered[1], 0.03);
    }

    @Test
    void aShiftIsFollowed() {
        double[] covered = covered(4_000, 0.5, 0.3);
        assertEquals(0.5, covered[0], 0.05);
        assertEquals(0.9, covered[1], 0.03);
    }

    @Test
    void quantilesNeverCrossAndNeverRunAway() {
        for (int i = 0; i < 3_000; i++) {
            Predictions said = predict();
            assertTrue(said.quantileMs(Target.TTFT, 0, 1) >= said.quantileMs(Target.TTFT, 0, 0));
            coverage.saw(said, Target.TTFT, 0, (random.nextBoolean() ? 9 : 0.2) * said.locationMs(Target.TTFT, 0));
        }
        for (int i = 0; i < 3_000; i++) {
            Predictions said = predict();
            coverage.saw(said, Target.TTFT, 0, 9 * said.locationMs(Target.TTFT, 0));
        }
        double location = predict().locationMs(Target.TTFT, 0);
        assertEquals(3 * location, predict().quantileMs(Target.TTFT, 0, 0), 1e-6 * location);
        assertEquals(5, predict().quantileMs(Target.TPOT, 0, 0), 1e-9, "the other target stays");
    }

    @Test
    void anOutcomeBeyondReasonMovesNothing() {
        double before = predict().quantileMs(Target.TTFT, 0, 1);
        coverage.saw(predict(), Target.TTFT, 0, 1e9);
        assertEquals(before, predict().quantileMs(Target.TTFT, 0, 1));
    }

    @Test
    void whatOneModelsOutcomesShowedHoldsForTheNext() {
        for (int i = 0; i < 100; i++) {
            Predictions said = predict();
            coverage.saw(said, Target.TTFT, 0, 9 * said.locationMs(Target.TTFT, 0));
        }
        ServingModel next = TestModels.work();
        coverage.serves(next.predictor());
        Predictions moved = next.predict(matrix);
        double calibrated = moved.quantileMs(Target.TTFT, 0, 0);
        moved.read(coverage.shifts());
        assertTrue(moved.quantileMs(Target.TTFT, 0, 0) > 1.2 * calibrated);
    }

    @Test
    void whatWasAnErrorOfTheLastModelGoesWithIt() {
        // Everything takes 2.7 times as long as that model says; the next one knows.
        ServingModel next = TestModels.slower(Math.E);
        for (int i = 0; i < 400; i++) {
            Predictions said = predict();
            double truth = Math.E * said.locationMs(Target.TTFT, 0);
            coverage.saw(said, Target.TTFT, 0, truth * Math.exp(0.5 * random.nextGaussian()));
        }
        Predictions before = predict();
        coverage.serves(next.predictor());
        Predictions after = next.predict(matrix);
        double calibrated = after.quantileMs(Target.TTFT, 0, 1);
        after.read(coverage.shifts());
        assertEquals(calibrated, after.quantileMs(Target.TTFT, 0, 1), 1e-9);
        // Its last outcomes come when the next one serves, and are judged by what that says.
        for (int i = 0; i < 200; i++) {
            double truth = Math.E * before.locationMs(Target.TTFT, 0);
            coverage.saw(before, Target.TTFT, 0, truth * Math.exp(0.5 * random.nextGaussian()));
        }
        after.read(coverage.shifts());
        assertEquals(0, Math.log(after.quantileMs(Target.TTFT, 0, 1) / calibrated), 0.45);
    }

    @Test
    void newsThatIsOldMovesLittle() {
        double early = moved(0);
        double late = moved(800);
        assertTrue(late < 0.5 * early, early + " and " + late);
    }

    @Test
    void loadThatComesInWavesIsCoveredByWhatDecisionsWereMadeWith() {
        // The news of a wave comes when it is over. Judged only by what would be said then, the p90 covers 83 %.
        int wave = 80;
        int count = 12_000;
        double[] covered = new double[2];
        Deque<Predictions> decided = new ArrayDeque<>();
        Deque<Double> outcomes = new ArrayDeque<>();
        for (int i = 0; i < count; i++) {
            Predictions said = predict();
            double slower = i / wave % 2 == 0 ? 0.5 : -0.5;
            double actual = said.locationMs(Target.TTFT, 0) * Math.exp(slower + 0.2 * random.nextGaussian());
            for (int level = 0; i >= count / 2 && level < covered.length; level++) {
                covered[level] += actual <= said.quantileMs(Target.TTFT, 0, level) ? 2.0 / count : 0;
            }
            decided.add(said);
            outcomes.add(actual);
            if (decided.size() > wave) {
                coverage.saw(decided.remove(), Target.TTFT, 0, outcomes.remove());
            }
        }
        assertEquals(0.5, covered[0], 0.03);
        assertEquals(0.9, covered[1], 0.02);
    }

    /** How far 100 misses move the p50, each of which was decided when so many outcomes were still to come. */
    private double moved(int underway) {
        OnlineCoverage fresh = new OnlineCoverage();
        Deque<Predictions> decided = new ArrayDeque<>();
        double before = model.predict(matrix).quantileMs(Target.TTFT, 0, 0);
        Predictions last = model.predict(matrix);
        for (int i = 0; i < 1_000 + underway; i++) {
            last = model.predict(matrix);
            last.read(fresh.shifts());
            decided.add(last);
            if (decided.size() > underway) {
                double location = last.locationMs(Target.TTFT, 0);
                fresh.saw(
                        decided.remove(),
                        Target.TTFT,
                        0,
                        i < 900 + underway && i % 2 == 0 ? 0.2 * location : 9 * location);
            }
        }
        return Math.log(last.quantileMs(Target.TTFT, 0, 0) / before);
    }

    @Test
    void everySliceComesToItsLevelThoughTheyAreNotAlike() {
        // The fast class takes twice as long as the model says, long prompts half.
        CandidateMatrix brief = new TestFleet("fast", "slow").matrix(TestFleet.request(1_000));
        CandidateMatrix longer = new TestFleet("fast", "slow").matrix(TestFleet.request(9_000));
        double[][] covered = new double[4][2];
        int count = 12_000;
        for (int i = 0; i < count; i++) {
            int slice = i % 4;
            int row = slice % 2;
            Predictions said = model.predict(slice < 2 ? brief : longer);
            said.read(coverage.shifts());
            double truth = (row == 0 ? 2 : 1) * (slice < 2 ? 1 : 0.5);
            double actual = truth * said.locationMs(Target.TTFT, row) * Math.exp(0.4 * random.nextGaussian());
            for (int level = 0; i >= count / 2 && level < 2; level++) {
                covered[slice][level] += actual <= said.quantileMs(Target.TTFT, row, level) ? 8.0 / count : 0;
            }
            coverage.saw(said, Target.TTFT, row, actual);
        }
        for (double[] slice : covered) {
            assertEquals(0.5, slice[0], 0.05);
            assertEquals(0.9, slice[1], 0.04);
        }
    }
}
