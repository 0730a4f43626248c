package dev.presage.testbed.lab;

import dev.presage.pipeline.features.Slices;
import dev.presage.router.observe.Outcome;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.LatencyTargets;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/** Collects the outcomes of one run. */
final class Tally {
    private final DoubleStream.Builder ttft = DoubleStream.builder();
    private final DoubleStream.Builder tpot = DoubleStream.builder();
    private final DoubleStream.Builder e2e = DoubleStream.builder();
    private final DoubleStream.Builder ttftErrors = DoubleStream.builder();
    private final DoubleStream.Builder tpotErrors = DoubleStream.builder();
    private final Function<InferenceRequest, LatencyTargets> targets;
    private boolean anyTarget;
    private int requests;
    private int good;
    private final Coverage coverage = new Coverage();
    private long promptTokens;
    private long cachedTokens;
    private long outputTokens;
    private double firstMs = Double.POSITIVE_INFINITY;
    private double lastMs;

    /** {@code targets} are those of each request. */
    Tally(Function<InferenceRequest, LatencyTargets> targets) {
        this.targets = targets;
    }

    void add(Outcome outcome, double nowMs) {
        requests++;
        good += good(outcome) ? 1 : 0;
        firstMs = Math.min(firstMs, nowMs - outcome.e2eMs());
        lastMs = nowMs;
        promptTokens += outcome.usage().promptTokens();
        cachedTokens += outcome.usage().cachedTokens();
        outputTokens += outcome.usage().outputTokens();
        e2e.add(outcome.e2eMs());
        Predictions predictions = outcome.decision().choice().predictions();
        int chosen = outcome.decision().choice().candidate();
        if (outcome.ttftMs() != null) {
            ttft.add(outcome.ttftMs());
            if (predictions != null) {
                var candidates = outcome.decision().candidates();
                String endpointClass = outcome.decision().endpoint().endpointClass();
                coverage.add(Slices.of(candidates.row(chosen), endpointClass), outcome.ttftMs(), predictions, chosen);
                ttftErrors.add(error(outcome.ttftMs(), predictions.locationMs(Target.TTFT, chosen)));
            }
        }
        if (outcome.tpotMs() != null) {
            tpot.add(outcome.tpotMs());
            if (predictions != null) {
                tpotErrors.add(error(outcome.tpotMs(), predictions.locationMs(Target.TPOT, chosen)));
            }
        }
    }

    PolicyResult result(String policy, int models) {
        return new PolicyResult(
                policy,
                requests,
                Summary.of(ttft.build().toArray()),
                Summary.of(tpot.build().toArray()),
                Summary.of(e2e.build().toArray()),
                promptTokens == 0 ? 0 : (double) cachedTokens / promptTokens,
                outputTokens / ((lastMs - firstMs) / 1e3),
                median(ttftErrors.build().toArray()),
                coverage.overall(),
                coverage.worstGap(),
                median(tpotErrors.build().toArray()),
                models,
                anyTarget ? (double) good / requests : Double.NaN,
                good / ((lastMs - firstMs) / 1e3));
    }

    /** A reply of one token has no TPOT to miss. */
    private boolean good(Outcome outcome) {
        LatencyTargets asked = targets.apply(outcome.decision().candidates().request());
        anyTarget |= asked.any();
        return outcome.ttftMs() != null
                && outcome.ttftMs() <= asked.ttftMs()
                && (outcome.tpotMs() == null || outcome.tpotMs() <= asked.tpotMs());
    }

    private static double error(double actual, double predicted) {
        return Math.abs(predicted - actual) / actual;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values.length == 0 ? Double.NaN : values[values.length / 2];
    }
}
