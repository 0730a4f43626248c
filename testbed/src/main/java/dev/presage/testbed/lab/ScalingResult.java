package dev.presage.testbed.lab;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/**
 * What one signal with one target made of the traffic.
 *
 * @param withinTarget share of the requests whose first token came in time
 * @param shortMinutes in which more came than the replicas that served can do
 * @param lagSeconds from the burst's start until the replicas that served could do what came
 * @param most replicas at once
 */
record ScalingResult(
        String signal,
        double target,
        Summary ttftMs,
        double withinTarget,
        double replicaHours,
        double shortMinutes,
        double lagSeconds,
        int most) {
    static final String HEAD = String.format(
            "%-21s %8s | %8s %8s %8s %8s | %13s %9s %7s %5s%n",
            "signal", "target", "ttft p50", "p95", "p99", "in time", "replica-hours", "short min", "lag s", "most");

    /** Means over seeds. */
    static String row(List<ScalingResult> all) {
        return String.format(
                Locale.ROOT,
                "%-21s %8s | %7.2fs %7.2fs %7.2fs %7.1f%% | %13.2f %9.1f %7.0f %5.1f%n",
                all.getFirst().signal,
                new BigDecimal(Double.toString(all.getFirst().target))
                        .stripTrailingZeros()
                        .toPlainString(),
                Estimate.mean(all, result -> result.ttftMs.p50()) / 1e3,
                Estimate.mean(all, result -> result.ttftMs.p95()) / 1e3,
                Estimate.mean(all, result -> result.ttftMs.p99()) / 1e3,
                100 * Estimate.mean(all, ScalingResult::withinTarget),
                Estimate.mean(all, ScalingResult::replicaHours),
                Estimate.mean(all, ScalingResult::shortMinutes),
                Estimate.mean(all, ScalingResult::lagSeconds),
                Estimate.mean(all, ScalingResult::most));
    }
}
