package dev.presage.testbed.lab;

import dev.presage.cli.Subcommand;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage lab-hotspot}: bursts over a few popular long prefixes, with and without admission at the router. */
@Command(
        name = "lab-hotspot",
        mixinStandardHelpOptions = true,
        description = "Bursts over a few popular long prefixes: prefix hit rate by policy and flow control.")
public final class HotspotCommand implements Subcommand {
    private static final double DRAIN_MS = 60_000;

    @Option(
            names = "--arms",
            split = ",",
            defaultValue = "heuristic/none,lmetric/none,learned/none,learned/presage-no-hold,learned/presage",
            description = "A policy of lab and a flow control of lab-overload each. Default: ${DEFAULT-VALUE}")
    private List<String> arms = List.of();

    @Option(
            names = "--fleet",
            defaultValue = "4*h100-llama-2-70b-hf-tp4",
            description = "Replicas by profile name. Default: ${DEFAULT-VALUE}")
    private String fleet = "";

    @Option(names = "--prefixes", defaultValue = "56", description = "Popular prefixes. Default: ${DEFAULT-VALUE}")
    private int prefixes;

    @Option(
            names = "--prefix-tokens",
            defaultValue = "20000",
            description = "Tokens of each, by a factor of up to 1.5 either way. Default: ${DEFAULT-VALUE}")
    private int prefixTokens;

    @Option(names = "--rate", defaultValue = "8", description = "Requests a second. Default: ${DEFAULT-VALUE}")
    private double rate;

    @Option(
            names = "--burst",
            defaultValue = "2.5",
            description =
                    "A quarter of each minute has so many times the mean rate, below 4. Default: ${DEFAULT-VALUE}")
    private double burst;

    @Option(
            names = "--strangers",
            defaultValue = "0.2",
            description = "Share of requests that share nothing. Default: ${DEFAULT-VALUE}")
    private double strangers;

    @Option(names = "--minutes", defaultValue = "8", description = "How long is counted. Default: ${DEFAULT-VALUE}")
    private double minutes;

    @Option(
            names = "--warmup-minutes",
            defaultValue = "4",
            description = "How long before, to load caches and models. Default: ${DEFAULT-VALUE}")
    private double warmup;

    @Option(names = "--seeds", split = ",", defaultValue = "1,2,3", description = "Default: ${DEFAULT-VALUE}")
    private List<Long> seeds = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        FleetSpec replicas;
        HotspotTraffic traffic;
        List<LabArm> all;
        try {
            replicas = FleetSpec.parse(fleet);
            traffic = new HotspotTraffic(prefixes, prefixTokens, rate, burst, strangers);
            all = arms.stream().map(LabArm::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%-26s %9s %9s %9s %9s %7s | %6s %9s %9s%n",
                "policy/flow", "hit rate", "ttft mean", "p95", "p99", "shed", "held", "mean", "p99");
        out.flush();
        new ArmTable<>(
                        (arm, seed) -> run(replicas, traffic, arm, seed),
                        HotspotCommand::row,
                        result -> String.valueOf(result.holds()))
                .print(spec, all, seeds);
        return 0;
    }

    private HotspotTally.Result run(FleetSpec replicas, HotspotTraffic traffic, LabArm arm, long seed) {
        double from = warmup * 60_000;
        double to = from + minutes * 60_000;
        HotspotTally tally = new HotspotTally(from, to);
        new FlowRun(replicas, LabPolicy.named(arm.policy()), arm.flow(), seed, tally)
                .run(Arrivals.of(traffic.arrivals(to, seed)), to + DRAIN_MS);
        return tally.result();
    }

    private static String row(LabArm arm, List<HotspotTally.Result> all) {
        return String.format(
                Locale.ROOT,
                "%-26s %8.1f%% %9s %9s %9s %6.1f%% | %6.0f %9s %9s%n",
                arm.label(),
                100 * Estimate.mean(all, HotspotTally.Result::hitRate),
                LabOutput.figure(
                        "%.2fs", Estimate.mean(all, result -> result.ttftMs().mean()) / 1e3),
                LabOutput.figure(
                        "%.2fs", Estimate.mean(all, result -> result.ttftMs().p95()) / 1e3),
                LabOutput.figure(
                        "%.2fs", Estimate.mean(all, result -> result.ttftMs().p99()) / 1e3),
                100 * Estimate.mean(all, result -> (double) result.turnedAway() / Math.max(1, result.arrived())),
                Estimate.mean(all, result -> result.holds().values().stream()
                        .mapToInt(n -> n)
                        .sum()),
                LabOutput.figure(
                        "%.0fms", Estimate.mean(all, result -> result.heldMs().mean())),
                LabOutput.figure(
                        "%.0fms", Estimate.mean(all, result -> result.heldMs().p99())));
    }
}
