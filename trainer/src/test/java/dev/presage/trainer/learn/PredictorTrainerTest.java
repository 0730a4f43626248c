package dev.presage.trainer.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PredictorTrainerTest {
    private static final TrainerSettings SETTINGS = TrainerSettings.DEFAULT;

    private static TrainedPredictor train(TrainingSet set) {
        return new PredictorTrainer(SETTINGS).train(set).orElseThrow();
    }

    @Test
    void tooFewSamplesGiveNoModel() {
        assertTrue(new PredictorTrainer(SETTINGS)
                .train(new SyntheticFleet(1, 0.1).samples(SETTINGS.minSamples() - 1))
                .isEmpty());
    }

    @Test
    void learnsUnlikeHardwareFromAFewHundredSamples() {
        Predictor predictor =
                Predictor.compile(train(new SyntheticFleet(2, 0.1).samples(600)).compiled());
        TrainingSet test = new SyntheticFleet(3, 0).samples(500);
        assertTrue(Evaluations.of(predictor, test, Target.TTFT, SETTINGS.quantiles())
                        .medianError()
                < 0.04);
        assertTrue(Evaluations.of(predictor, test, Target.TPOT, SETTINGS.quantiles())
                        .medianError()
                < 0.04);
    }

    @Test
    void quantilesCoverWhatTheySayOnUnseenData() {
        for (long seed : new long[] {4, 5, 6}) {
            Predictor predictor = Predictor.compile(
                    train(new SyntheticFleet(seed, 0.25).samples(4_000)).compiled());
            Evaluation judged = Evaluations.of(
                    predictor, new SyntheticFleet(seed + 100, 0.25).samples(4_000), Target.TTFT, SETTINGS.quantiles());
            for (int level = 0; level < SETTINGS.quantiles().size(); level++) {
                double wanted = SETTINGS.quantiles().get(level);
                // The calibrating fifth and the test set each add sampling error; four standard deviations of both.
                double bound = 4 * Math.sqrt(wanted * (1 - wanted) * (1 / 800.0 + 1 / 4_000.0));
                assertEquals(wanted, judged.coverage().get(level), bound, "seed " + seed);
            }
        }
    }

    @Test
    void theSameSeedAndSamplesGiveTheSameModel() {
        assertEquals(
                train(new SyntheticFleet(8, 0.2).samples(500)).compiled(),
                train(new SyntheticFleet(8, 0.2).samples(500)).compiled());
    }

    @Test
    void moreLoadNeverPredictsLess() {
        Predictor predictor = Predictor.compile(
                train(new SyntheticFleet(9, 0.3).samples(3_000)).compiled());
        SplittableRandom random = new SplittableRandom(10);
        for (int i = 0; i < 2_000; i++) {
            float[] row = SyntheticFleet.row(random);
            Feature raised = loadFeature(random);
            float[] both = new float[2 * FeatureSchema.SIZE];
            System.arraycopy(row, 0, both, 0, row.length);
            System.arraycopy(row, 0, both, row.length, row.length);
            both[row.length + raised.ordinal()] *= 1.5f;
            Predictions out = new Predictions();
            int slow = predictor.classIndex("slow");
            predictor.predict(both, new int[] {slow, slow}, 2, out);
            double before = out.locationMs(Target.TTFT, 0);
            assertTrue(out.locationMs(Target.TTFT, 1) >= before * (1 - 1e-6), raised + " at sample " + i);
        }
    }

    @Test
    void aClassThatWasNeverSeenGetsTheCommonFit() {
        Predictor predictor = Predictor.compile(
                train(new SyntheticFleet(11, 0.1).samples(600)).compiled());
        float[] row = SyntheticFleet.row(new SplittableRandom(1));
        Predictions out = new Predictions();
        predictor.predict(row, new int[] {predictor.classIndex("never seen")}, 1, out);
        double fast = SyntheticFleet.trueTtftMs(row, true);
        double slow = SyntheticFleet.trueTtftMs(row, false);
        double predicted = out.locationMs(Target.TTFT, 0);
        assertTrue(predicted > fast * 0.7 && predicted < slow * 1.3, predicted + " between " + fast + " and " + slow);
    }

    @Test
    void errorsAndMissingOutcomesDoNotPoison() {
        TrainingSet set = new SyntheticFleet(12, 0.1).samples(600);
        TrainingSet poisoned = new TrainingSet();
        for (int i = 0; i < set.size(); i++) {
            poisoned.add(
                    set.row(i),
                    set.endpointClass(i),
                    i % 20 == 0 ? set.outcome(i, Target.TTFT) * 30 : set.outcome(i, Target.TTFT),
                    i % 3 == 0 ? Double.NaN : set.outcome(i, Target.TPOT));
        }
        Predictor predictor = Predictor.compile(train(poisoned).compiled());
        TrainingSet test = new SyntheticFleet(13, 0).samples(300);
        assertTrue(Evaluations.of(predictor, test, Target.TTFT, List.of(0.5, 0.9, 0.95, 0.99))
                        .medianError()
                < 0.12);
    }

    @Test
    void garbageAmongTheSamplesMovesNeitherLocationsNorQuantiles() {
        for (long seed : new long[] {14, 15, 16}) {
            TrainingSet clean = new SyntheticFleet(seed, 0.15).samples(3_000);
            TrainingSet poisoned = new TrainingSet();
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < clean.size(); i++) {
                float[] row = clean.row(i).clone();
                double ttft = clean.outcome(i, Target.TTFT);
                switch (random.nextInt(80)) {
                    case 0 -> ttft *= 100;
                    case 1 -> ttft /= 100;
                    case 2 -> ttft = random.nextDouble(1e6);
                    case 3 -> row[Feature.UNCACHED_TOKENS.ordinal()] = 1e6f;
                    default -> {}
                }
                poisoned.add(row, clean.endpointClass(i), ttft, clean.outcome(i, Target.TPOT));
            }
            TrainedPredictor trained = train(poisoned);
            Evaluation judged = Evaluations.of(
                    Predictor.compile(trained.compiled()),
                    new SyntheticFleet(seed + 100, 0.15).samples(3_000),
                    Target.TTFT,
                    SETTINGS.quantiles());
            assertTrue(trained.evidence(Target.TTFT).outliers() > 60, "seed " + seed);
            // The noise alone is 10 %.
            assertTrue(judged.medianError() < 0.115, "seed " + seed + " error " + judged.medianError());
            assertEquals(0.9, judged.coverage().get(1), 0.04, "seed " + seed);
        }
    }

    private static Feature loadFeature(SplittableRandom random) {
        List<Feature> load =
                Arrays.stream(Feature.values()).filter(Feature::isLoad).toList();
        return load.get(random.nextInt(load.size()));
    }
}
