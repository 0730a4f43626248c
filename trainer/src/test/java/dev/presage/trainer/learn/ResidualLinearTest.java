package dev.presage.trainer.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.Linear;
import java.util.Collections;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ResidualLinearTest {
    private static final int KV = Feature.KV_USAGE.ordinal();
    private static final int RATE = Feature.PREFILL_RATE.ordinal();
    private static final Linear NONE = Linear.getDefaultInstance();

    private final SplittableRandom random = new SplittableRandom(3);
    private float[][] wide = new float[0][];
    private double[] residuals = new double[0];

    /** Residuals that are a bias, so much per KV usage and so much per unit of the prefill rate, and noise. */
    private void draw(int count, double perKv, double perRate) {
        wide = new float[count][FeatureSchema.SIZE + Predictor.DERIVED];
        residuals = new double[count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(SyntheticFleet.row(random), 0, wide[i], 0, FeatureSchema.SIZE);
            wide[i][RATE] = random.nextInt(4_000);
            wide[i][Feature.API.ordinal()] = 1 + random.nextInt(2);
            wide[i][FeatureSchema.SIZE] = 4;
            residuals[i] = 0.1 + perKv * wide[i][KV] + perRate * wide[i][RATE] + 0.1 * random.nextGaussian();
        }
    }

    private Linear train(Linear last) {
        return ResidualLinear.train(wide, residuals, last, TrainerSettings.DEFAULT);
    }

    @Test
    void learnsWeightsPerUnitOfEachColumn() {
        draw(4_000, 0.4, -1e-4);
        Linear linear = train(NONE);
        assertEquals(0.4, linear.getWeights(KV), 0.04);
        assertEquals(-1e-4, linear.getWeights(RATE), 1e-5);
        assertEquals(0, linear.getWeights(Feature.API.ordinal()), "a category has no weight");
        assertEquals(0, linear.getWeights(FeatureSchema.SIZE), "nor has what never changes");
    }

    @Test
    void moreLoadNeverMeansLess() {
        draw(4_000, -0.4, 1e-4);
        Linear linear = train(NONE);
        for (Feature feature : Feature.values()) {
            assertTrue(!feature.isLoad() || linear.getWeights(feature.ordinal()) >= 0, feature + " in " + linear);
        }
        assertEquals(1e-4, linear.getWeights(RATE), 2e-5);
    }

    @Test
    void oneMorePassGoesOnFromTheLastWeights() {
        draw(4_000, 0.4, -1e-4);
        Linear last = train(NONE);
        draw(100, 0.4, -1e-4);
        assertEquals(0.4, train(last).getWeights(KV), 0.12);
        // A first training of so few has twenty passes; one from nothing but zeros has as few as one from the last
        // weights.
        Linear zeros = last.toBuilder()
                .clearWeights()
                .addAllWeights(Collections.nCopies(last.getWeightsCount(), 0.0))
                .build();
        assertTrue(train(zeros).getWeights(KV) < 0.3, "one pass over 100 samples would not be enough");
    }

    @Test
    void itIsTakenWhereResidualsAreLinearAndServedAsTrained() {
        TrainingSet plain = new SyntheticFleet(4, 0.1).samples(600);
        TrainingSet stretched = new TrainingSet();
        for (int i = 0; i < plain.size(); i++) {
            float[] row = plain.row(i).clone();
            row[RATE] = random.nextInt(4_000);
            double stretch = Math.exp(-2e-4 * row[RATE]);
            stretched.add(
                    row,
                    plain.endpointClass(i),
                    stretch * plain.outcome(i, Target.TTFT),
                    plain.outcome(i, Target.TPOT));
        }
        TrainedPredictor trained =
                new PredictorTrainer(TrainerSettings.DEFAULT).train(stretched).orElseThrow();
        Evidence evidence = trained.evidence(Target.TTFT);
        assertTrue(evidence.chosen().linear() > 0, evidence.competition());
        assertTrue(
                evidence.competition().indexOf("work+linear 0.")
                        < evidence.competition().indexOf("work+forest 0."),
                evidence.competition());
        assertTrue(evidence.competition().startsWith(evidence.chosen().label() + " 0."), evidence.competition());
        assertEquals(Mixture.ALL.size(), evidence.errors().size());
        assertTrue(trained.compiled().getTtft().hasLinear());
        assertTrue(evidence.overall().medianError() < 0.1, "noise alone is 7 %");
    }
}
