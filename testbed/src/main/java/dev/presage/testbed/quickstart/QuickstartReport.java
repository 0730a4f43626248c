package dev.presage.testbed.quickstart;

import dev.presage.testbed.load.Distribution;
import dev.presage.testbed.load.PlannedRequest;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The result of a run. Arms are compared on the requests that were due after {@code countedFromSeconds} and that every arm
 * answered.
 *
 * @param gateway what carried the traffic
 * @param speedUp engine time over wall time
 * @param requests planned for each arm
 * @param failed requests without a complete answer, all arms together
 * @param worstLagMs how late the load was at worst, wall milliseconds
 * @param firstModelSeconds wall seconds from the first request to the first model in service, NaN without one
 * @param models versions that were in service
 * @param pairs requests that a model routed and whose outcome is known
 * @param samples training samples that the join wrote
 * @param ttftError median absolute percentage error of the predicted median, over the counted part
 * @param ttftCoverage90 share of outcomes at most the predicted 90th percentile
 */
record QuickstartReport(
        String gateway,
        double speedUp,
        int requests,
        long failed,
        double worstLagMs,
        double countedFromSeconds,
        double firstModelSeconds,
        int models,
        int pairs,
        long samples,
        double ttftError,
        double ttftCoverage90,
        double tpotError,
        List<ArmReport> arms) {

    QuickstartReport {
        arms = List.copyOf(arms);
    }

    /** The figures of the run, so far as the scoreboard knows them. */
    static QuickstartReport of(
            Scoreboard scoreboard, List<PlannedRequest> plan, Experiment experiment, String gateway, long samples) {
        List<ModelSwap> swaps = scoreboard.swaps();
        double firstModel = swaps.isEmpty() ? Double.NaN : swaps.getFirst().atSeconds();
        double from = experiment.countFromSeconds(firstModel);
        List<PredictionPair> pairs = scoreboard.pairs();
        List<PredictionPair> counted =
                pairs.stream().filter(pair -> pair.atSeconds() >= from).toList();
        return new QuickstartReport(
                gateway,
                experiment.speedUp(),
                plan.size(),
                scoreboard.failed(),
                worstLag(scoreboard),
                from,
                firstModel,
                swaps.size(),
                pairs.size(),
                samples,
                median(counted.stream().mapToDouble(PredictionPair::ttftError).toArray()),
                counted.isEmpty()
                        ? Double.NaN
                        : counted.stream().filter(PredictionPair::ttftCovered).count() / (double) counted.size(),
                median(counted.stream().mapToDouble(PredictionPair::tpotError).toArray()),
                arms(scoreboard, plan, from, experiment.speedUp()));
    }

    ArmReport arm(Arm arm) {
        return arms.stream().filter(report -> report.arm() == arm).findFirst().orElseThrow();
    }

    private static List<ArmReport> arms(Scoreboard scoreboard, List<PlannedRequest> plan, double from, double speedUp) {
        Map<Integer, Double> due = new HashMap<>();
        for (PlannedRequest planned : plan) {
            if (planned.dueNanos() / 1e9 >= from) {
                due.put(planned.index(), planned.dueNanos() / 1e9);
            }
        }
        Map<Arm, List<Scoreboard.TimedSample>> answered = new EnumMap<>(Arm.class);
        Set<Integer> common = new TreeSet<>(due.keySet());
        for (Arm arm : Arm.values()) {
            List<Scoreboard.TimedSample> ok = scoreboard.samples(arm).stream()
                    .filter(timed -> timed.sample().ok())
                    .toList();
            answered.put(arm, ok);
            common.retainAll(ok.stream().map(timed -> timed.sample().index()).collect(Collectors.toSet()));
        }
        double firstDue = common.stream()
                .mapToDouble(index -> due.getOrDefault(index, from))
                .min()
                .orElse(from);
        return Arrays.stream(Arm.values())
                .map(arm -> ArmReport.of(
                        arm,
                        answered.getOrDefault(arm, List.of()).stream()
                                .filter(timed -> common.contains(timed.sample().index()))
                                .toList(),
                        scoreboard.samples(arm).stream()
                                .filter(timed -> !timed.sample().ok())
                                .count(),
                        firstDue,
                        speedUp))
                .toList();
    }

    private static double worstLag(Scoreboard scoreboard) {
        return Arrays.stream(Arm.values())
                        .flatMap(arm -> scoreboard.samples(arm).stream())
                        .mapToLong(timed -> timed.sample().lagNanos())
                        .max()
                        .orElse(0)
                / 1e6;
    }

    private static double median(double[] values) {
        return new Distribution(values).quantile(0.5);
    }
}
