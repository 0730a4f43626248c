package dev.presage.testbed.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What the learned policy must reach, and how it is read from the runs.
 *
 * @param most the mean over seeds must not be above
 * @param figure over seeds; NaN while runs are missing
 */
record Requirement(String what, double most, String format, Function<LabRuns, Estimate> figure) {
    private static final ToDoubleFunction<PolicyResult> MEAN =
            result -> result.ttftMs().mean();
    private static final ToDoubleFunction<PolicyResult> P99 =
            result -> result.ttftMs().p99();

    static List<Requirement> all() {
        List<Requirement> all = new ArrayList<>();
        all.add(ratio("unlike fleet: mean TTFT to clairvoyant", Scenarios.UNLIKE, "clairvoyant", MEAN, 1.03));
        all.add(ratio("unlike fleet, labels hidden: the same", Scenarios.HIDDEN, "clairvoyant", MEAN, 1.03));
        all.add(ratio("fleet alike: the same", Scenarios.LIKE, "clairvoyant", MEAN, 1.03));
        for (Scenario scenario : Scenarios.ALL) {
            if (scenario.load() == Scenario.Load.STRESS) {
                all.add(ratio(scenario.name() + ": mean TTFT to clairvoyant", scenario, "clairvoyant", MEAN, 0.82));
            }
        }
        for (Scenario scenario : Scenarios.ALL) {
            if (scenario.load() == Scenario.Load.SERVED && scenario.policies().contains("learned-own")) {
                all.add(ratio(scenario.name() + ": mean TTFT to own-latency", scenario, "learned-own", MEAN, 1.02));
            }
        }
        all.add(absolute("64 shared prompts: mean TTFT, s", Scenarios.SHARED, r -> MEAN.applyAsDouble(r) / 1e3, 0.20));
        all.add(absolute("64 shared prompts: p99 TTFT, s", Scenarios.SHARED, r -> P99.applyAsDouble(r) / 1e3, 1.4));
        all.add(new Requirement(
                "64 shared prompts: most tokens/s of any policy to learned", 1.01, "%.3f", Requirement::throughput));
        all.add(ratio("slowed replica: p99 TTFT to clairvoyant", Scenarios.SLOWED, "clairvoyant", P99, 1.3));
        all.add(new Requirement(
                "slowed replica: its share of picks 10 to 70 s later, to that of clairvoyant",
                1.3,
                "%.2f",
                runs -> shifted(runs)));
        all.add(ratio(
                "half of the traffic unseen: mean TTFT to clairvoyant", Scenarios.UNSEEN, "clairvoyant", MEAN, 1.15));
        all.add(ratio("half of the traffic unseen: mean TTFT to LMETRIC", Scenarios.UNSEEN, "lmetric", MEAN, 1));
        all.add(ratio(
                "half of the traffic unseen but told after 100 ms: mean TTFT to clairvoyant",
                Scenarios.TOLD,
                "clairvoyant",
                MEAN,
                1.15));
        for (Scenario scenario : List.of(Scenarios.UNLIKE, Scenarios.SLOWED)) {
            String where = scenario == Scenarios.UNLIKE ? "unlike fleet" : "after a drift";
            all.add(percent(where + ": median TTFT error, %", scenario, Accuracy::ttftError, 5));
            all.add(percent(where + ": median TPOT error, %", scenario, Accuracy::tpotError, 22));
            all.add(percent(where + ": coverage off by at most, points", scenario, Accuracy::overallGap, 2));
            all.add(percent(where + ": in any slice, points", scenario, Accuracy::sliceGap, 5));
        }
        return all;
    }

    /** A line of the table: what, measured, over how many seeds, bound, whether it is reached. */
    String row(LabRuns runs) {
        Estimate measured = figure.apply(runs);
        return Double.isNaN(measured.mean())
                ? ""
                : String.format(
                        Locale.ROOT,
                        "| %s | %s | %d | %s | %s |%n",
                        what,
                        measured.text(format),
                        measured.seeds(),
                        String.format(Locale.ROOT, format, most),
                        measured.mean() <= most ? "yes" : "**no**");
    }

    private static Requirement ratio(
            String what, Scenario scenario, String other, ToDoubleFunction<PolicyResult> figure, double most) {
        return new Requirement(
                what,
                most,
                "%.3f",
                runs -> Estimate.ratio(runs.of(scenario, "learned"), runs.of(scenario, other), figure));
    }

    private static Requirement absolute(
            String what, Scenario scenario, ToDoubleFunction<PolicyResult> figure, double most) {
        return new Requirement(what, most, "%.3f", runs -> Estimate.of(runs.of(scenario, "learned"), figure));
    }

    private static Requirement percent(String what, Scenario scenario, ToDoubleFunction<Accuracy> figure, double most) {
        return new Requirement(
                what,
                most,
                "%.1f",
                runs -> Estimate.of(
                        runs.of(scenario, "learned"), result -> 100 * figure.applyAsDouble(result.accuracy())));
    }

    private static Estimate shifted(LabRuns runs) {
        return Estimate.ratio(
                runs.of(Scenarios.SLOWED, "learned"),
                runs.of(Scenarios.SLOWED, "clairvoyant"),
                result -> Math.max(0.01, result.shift().after()));
    }

    private static Estimate throughput(LabRuns runs) {
        List<PolicyResult> learned = runs.of(Scenarios.SHARED, "learned");
        double[] ratios = new double[learned.size()];
        for (int i = 0; i < ratios.length; i++) {
            for (String policy : Scenarios.SHARED.policies()) {
                List<PolicyResult> others = runs.of(Scenarios.SHARED, policy);
                double tokens = i < others.size() ? others.get(i).outputTokensPerSecond() : 0;
                ratios[i] = Math.max(ratios[i], tokens / learned.get(i).outputTokensPerSecond());
            }
        }
        return Estimate.of(ratios);
    }
}
