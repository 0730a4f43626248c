package dev.presage.testbed.lab;

import dev.presage.router.observe.Outcome;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.LatencyTargets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/** Collects the outcomes of one run. */
final class Tally {
    private final DoubleStream.Builder ttft = DoubleStream.builder();
    private final DoubleStream.Builder tpot = DoubleStream.builder();
    private final DoubleStream.Builder e2e = DoubleStream.builder();
    private final Function<InferenceRequest, LatencyTargets> targets;
    private boolean anyTarget;
    private int requests;
    private int good;
    private final AccuracyTally accuracy = new AccuracyTally();
    private final ShiftTally shift;
    private long promptTokens;
    private long cachedTokens;
    private long outputTokens;
    private double firstMs = Double.POSITIVE_INFINITY;
    private double lastMs;

    /** {@code targets} are those of each request. */
    Tally(Function<InferenceRequest, LatencyTargets> targets, List<Incident> incidents) {
        this.targets = targets;
        shift = new ShiftTally(incidents);
    }

    /** A counted request has ended; predictions are judged where it came {@code late} in the run. */
    void add(Outcome outcome, double nowMs, boolean late) {
        requests++;
        good += good(outcome) ? 1 : 0;
        firstMs = Math.min(firstMs, nowMs - outcome.e2eMs());
        lastMs = nowMs;
        promptTokens += outcome.usage().promptTokens();
        cachedTokens += outcome.usage().cachedTokens();
        outputTokens += outcome.usage().outputTokens();
        e2e.add(outcome.e2eMs());
        if (outcome.ttftMs() != null) {
            ttft.add(outcome.ttftMs());
        }
        if (outcome.tpotMs() != null) {
            tpot.add(outcome.tpotMs());
        }
        shift.add(outcome, nowMs);
        if (late) {
            accuracy.add(outcome);
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
                accuracy.result(),
                shift.result(),
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
}
