package dev.presage.trainer.learn;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.TargetModel;
import java.util.List;

/**
 * Samples that no state of an endpoint explains: ten times slower or faster than the work in front of them. They are broken clocks, broken counts
 * and requests that were held up elsewhere; a tail that consists of them would be no promise that an endpoint could keep. Where there are
 * many of them it is the work model that is wrong, and all stay.
 */
final class Outliers {
    /** In the logarithm. */
    static final double FAR = Math.log(10);
    /** More than this share are no outliers. */
    static final double MOST = 0.1;

    private Outliers() {}

    /** {@code data} without them, in the same order. */
    static TrainingSet dropped(TrainingSet data, Target target) {
        TargetModel unlearned = PredictorTrainer.unlearned(List.of(0.5));
        TargetModel work =
                unlearned.toBuilder().setWork(new WorkFit(target).fit(data)).build();
        Predictions said = Evaluations.predict(
                Predictor.compile(CompiledPredictor.newBuilder()
                        .setFormatVersion(Predictor.FORMAT)
                        .setFeatureSchema(FeatureSchema.HASH)
                        .addQuantiles(0.5)
                        .setTtft(work)
                        .setTpot(work)
                        .build()),
                data);
        TrainingSet kept = new TrainingSet();
        for (int i = 0; i < data.size(); i++) {
            if (Math.abs(Math.log(data.outcome(i, target) / said.locationMs(target, i))) <= FAR) {
                kept.copy(data, i);
            }
        }
        return kept.size() >= (1 - MOST) * data.size() ? kept : data;
    }
}
