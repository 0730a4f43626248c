package dev.presage.trainer.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.Calibration;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.TargetModel;
import dev.presage.store.proto.WorkModel;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.tribuo.Prediction;
import org.tribuo.impl.ArrayExample;
import org.tribuo.regression.Regressor;

class BoosterExportTest {
    /** The compiled forest must say what Tribuo says, to float precision, on rows that it was not trained on. */
    @Test
    void theCompiledForestAgreesWithTribuo() {
        SplittableRandom random = new SplittableRandom(5);
        int width = FeatureSchema.SIZE + Predictor.DERIVED;
        float[][] rows = new float[3_000][width];
        double[] residuals = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(SyntheticFleet.row(random), 0, rows[i], 0, FeatureSchema.SIZE);
            residuals[i] = Math.sin(rows[i][2] / 1_000) + 0.1 * random.nextGaussian();
        }
        ResidualForest.Trained trained = ResidualForest.train(rows, residuals, TrainerSettings.DEFAULT);
        Predictor predictor = Predictor.compile(withUnitWork(trained));
        Predictions out = new Predictions();
        for (int i = 0; i < 2_000; i++) {
            float[] row = SyntheticFleet.row(random);
            predictor.predict(row, new int[] {-1}, 1, out);
            double ours = Math.log(out.locationMs(Target.TTFT, 0));
            assertEquals(tribuo(trained, row, width), ours, 1e-5, "row " + i);
        }
    }

    private static double tribuo(ResidualForest.Trained trained, float[] row, int width) {
        String[] names = new String[width];
        double[] values = new double[width];
        for (int j = 0; j < width; j++) {
            names[j] = String.format("f%02d", j);
            values[j] = j < row.length ? row[j] : 0;
        }
        // Work of 1 ms has log 0; its slowness is the coefficient of the constant term.
        values[FeatureSchema.SIZE + 1] = 1;
        Prediction<Regressor> prediction =
                trained.model().predict(new ArrayExample<>(new Regressor("residual", Double.NaN), names, values));
        return prediction.getOutput().getValues()[0];
    }

    private static CompiledPredictor withUnitWork(ResidualForest.Trained trained) {
        TargetModel model = TargetModel.newBuilder()
                .setWork(WorkModel.newBuilder().addTerms("ONE").addFallback(1).setFloorMs(1))
                .setForest(trained.forest())
                .setCalibration(Calibration.newBuilder().addOffsets(0))
                .build();
        return CompiledPredictor.newBuilder()
                .setFormatVersion(Predictor.FORMAT)
                .setFeatureSchema(FeatureSchema.HASH)
                .addQuantiles(0.5)
                .setTtft(model)
                .setTpot(model)
                .build();
    }
}
