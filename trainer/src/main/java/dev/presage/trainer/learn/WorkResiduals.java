package dev.presage.trainer.learn;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.TargetModel;
import dev.presage.store.proto.WorkModel;
import java.util.Arrays;
import java.util.List;

/** What a work model alone leaves unexplained. */
final class WorkResiduals {
    private static final List<Double> MEDIAN = List.of(0.5);

    private WorkResiduals() {}

    /** The logarithm of outcome over prediction for every sample, in order; all of them observed the target. */
    static double[] of(WorkModel work, TrainingSet data, Target target) {
        TargetModel model =
                PredictorTrainer.unlearned(MEDIAN).toBuilder().setWork(work).build();
        Predictions said = Evaluations.predict(
                Predictor.compile(CompiledPredictor.newBuilder()
                        .setFormatVersion(Predictor.FORMAT)
                        .setFeatureSchema(FeatureSchema.HASH)
                        .addAllQuantiles(MEDIAN)
                        .setTtft(model)
                        .setTpot(model)
                        .build()),
                data);
        double[] residuals = new double[data.size()];
        Arrays.setAll(residuals, i -> Math.log(data.outcome(i, target) / said.locationMs(target, i)));
        return residuals;
    }
}
