package dev.presage.router.plugin;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.ServingModel;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;

/**
 * What the model in service says of every candidate, held against the request's SLOs. An endpoint whose state is unlike
 * anything that the model learned from has no prediction. Immutable.
 *
 * @param known whether there is a prediction
 * @param ttftHeadroomMs TTFT SLO less prediction; without an SLO just as the contract has it, the prediction below zero
 * @param tpotHeadroomMs the same of TPOT; 0 where it does not count
 * @param valid whether the prediction keeps every SLO
 */
record Forecast(
        boolean[] known,
        double[] ttftMs,
        double[] tpotMs,
        double[] ttftHeadroomMs,
        double[] tpotHeadroomMs,
        boolean[] valid) {

    static Forecast none(int size) {
        return new Forecast(
                new boolean[size],
                new double[size],
                new double[size],
                new double[size],
                new double[size],
                new boolean[size]);
    }

    static Forecast of(CandidateMatrix candidates, ServingModel model, LatencySettings settings) {
        Forecast forecast = none(candidates.size());
        Predictions predictions = model.predict(candidates);
        Slo slo = Slo.of(candidates);
        for (int i = 0; i < candidates.size(); i++) {
            forecast.known[i] = model.predictor().inSupport(candidates.rows(), i * FeatureSchema.SIZE);
            forecast.ttftMs[i] = predictions.locationMs(Target.TTFT, i);
            forecast.tpotMs[i] = predictions.locationMs(Target.TPOT, i);
            forecast.judge(i, slo, settings, candidates);
        }
        return forecast;
    }

    /** An SLO that the client did not set is not missed, if it set the other one. */
    private void judge(int i, Slo slo, LatencySettings settings, CandidateMatrix candidates) {
        boolean ttftValid = ttftMs[i] < slo.ttftMs();
        ttftHeadroomMs[i] = slo.ttftMs() - ttftMs[i];
        if (slo.ttftMs() == 0 && slo.tpotMs() > 0) {
            ttftValid = true;
            ttftHeadroomMs[i] = 0;
        }
        boolean tpotValid = true;
        if (settings.streaming()
                && !(slo.tpotMs() == 0 && slo.ttftMs() > 0)
                && !prefills(i, settings.roleLabel(), candidates)) {
            double bound = slo.tpotMs() * settings.bufferFactor();
            tpotValid = tpotMs[i] < bound;
            tpotHeadroomMs[i] = bound - tpotMs[i];
        }
        valid[i] = ttftValid && tpotValid;
    }

    private static boolean prefills(int i, String roleLabel, CandidateMatrix candidates) {
        return !roleLabel.isEmpty()
                && "prefill".equals(candidates.state(i).endpoint().labels().get(roleLabel));
    }
}
