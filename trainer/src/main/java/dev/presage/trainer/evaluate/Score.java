package dev.presage.trainer.evaluate;

import dev.presage.pipeline.features.Feature;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.QuantileShifts;
import dev.presage.store.predict.Target;
import dev.presage.trainer.learn.Evaluations;
import dev.presage.trainer.learn.TrainingSet;
import java.util.function.ToDoubleFunction;

/**
 * One quantile of one target against actual outcomes and, where the file knows it, against the truth.
 *
 * @param error mean absolute percentage error against the true quantile, as a fraction; NaN without a truth
 * @param coverage share of outcomes at or below the prediction
 * @param pinball mean pinball loss in milliseconds
 */
record Score(double error, double coverage, double pinball) {

    static Score of(Predictor predictor, SampleFile test, Target target, int level, double quantile) {
        return of(predictor, QuantileShifts.NONE, test, target, level, quantile);
    }

    /** Of the predictor's quantiles as these shifts move them. */
    static Score of(
            Predictor predictor, QuantileShifts shifts, SampleFile test, Target target, int level, double quantile) {
        TrainingSet data = test.samples();
        Predictions predictions = Evaluations.predict(predictor, data);
        predictions.read(shifts);
        ToDoubleFunction<SampleFile.Truth> truth = truth(target, quantile);
        double error = 0;
        double covered = 0;
        double pinball = 0;
        int rows = 0;
        for (int i = 0; i < data.size(); i++) {
            double actual = data.outcome(i, target);
            if (Double.isNaN(actual)) {
                continue;
            }
            double predicted = predictions.quantileMs(target, i, level);
            double known = truth.applyAsDouble(test.truths().get(i));
            error += Math.abs(predicted - known) / known;
            covered += actual <= predicted ? 1 : 0;
            double gap = actual - predicted;
            pinball += gap >= 0 ? quantile * gap : (quantile - 1) * gap;
            rows++;
        }
        return new Score(error / rows, covered / rows, pinball / rows);
    }

    /** Of the reply's length, in tokens; nobody knows the true quantile. */
    static Score ofLength(Predictor predictor, TrainingSet test, int level, double quantile) {
        TrainingSet data = test.counted();
        double covered = 0;
        double pinball = 0;
        for (int i = 0; i < data.size(); i++) {
            float[] row = data.row(i);
            double said = predictor
                    .outputLengths()
                    .of(data.model(i), (int) row[Feature.PROMPT_TOKENS.ordinal()], (int)
                            row[Feature.MAX_TOKENS.ordinal()])
                    .tokens()
                    .get(level);
            double gap = data.outputTokens(i) - said;
            covered += gap <= 0 ? 1 : 0;
            pinball += gap >= 0 ? quantile * gap : (quantile - 1) * gap;
        }
        return new Score(Double.NaN, covered / data.size(), pinball / data.size());
    }

    private static ToDoubleFunction<SampleFile.Truth> truth(Target target, double quantile) {
        if (quantile == 0.9) {
            return target == Target.TTFT ? SampleFile.Truth::ttftP90 : SampleFile.Truth::tpotP90;
        }
        if (quantile == 0.5) {
            return target == Target.TTFT ? SampleFile.Truth::ttftMedian : SampleFile.Truth::tpotMedian;
        }
        return row -> Double.NaN;
    }
}
