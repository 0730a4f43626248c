package dev.presage.testbed.lab;

import dev.presage.cli.Subcommand;
import dev.presage.testbed.trace.Workload;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage lab-overload}: three tenants and two priorities ask for more than the fleet can do, with and without flow control. */
@Command(
        name = "lab-overload",
        mixinStandardHelpOptions = true,
        description =
                "Overload simulated replicas with three tenants and two priorities, once per kind of flow control.")
public final class OverloadCommand implements Subcommand {
    private static final double CALM = 0.7;
    private static final double CALM_MS = 120_000;
    private static final double DRAIN_MS = 120_000;

    @Option(
            names = "--flow",
            split = ",",
            defaultValue = "none,peer-like,presage",
            description = "Any of none, peer-like, presage. Default: ${DEFAULT-VALUE}")
    private List<String> flows = List.of();

    @Option(
            names = "--fleet",
            defaultValue = "4*h100-llama-2-70b-hf-tp8",
            description = "Replicas by profile name. Default: ${DEFAULT-VALUE}")
    private String fleet = "";

    @Option(
            names = "--workload",
            defaultValue = "azure-sessions",
            description = "Whose lengths and conversations: a workload of the lab. Default: ${DEFAULT-VALUE}")
    private String workload = "";

    @Option(
            names = "--policy",
            defaultValue = "lmetric",
            description =
                    "Who picks, as in lab; with learned, flow control has predictions too. Default: ${DEFAULT-VALUE}")
    private String policy = "";

    @Option(
            names = "--factor",
            defaultValue = "1.5",
            description = "Arrivals over what the fleet can do, which is measured first. Default: ${DEFAULT-VALUE}")
    private double factor;

    @Option(names = "--minutes", defaultValue = "10", description = "How long. Default: ${DEFAULT-VALUE}")
    private double minutes;

    @Option(
            names = "--target-ms",
            defaultValue = "1000",
            description = "TTFT target of critical requests, from their arrival. Default: ${DEFAULT-VALUE}")
    private double targetMs;

    @Option(names = "--seeds", split = ",", defaultValue = "1,2,3", description = "Default: ${DEFAULT-VALUE}")
    private List<Long> seeds = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        FleetSpec replicas;
        List<FlowMode> modes;
        Workload traffic;
        try {
            replicas = FleetSpec.parse(fleet);
            modes = flows.stream().map(FlowMode::named).toList();
            traffic = Workload.named(workload);
            LabPolicy.named(policy);
            Bounds.within("--factor", factor, 0.1, 100);
            Bounds.within("--minutes", minutes, 0.1, 1_000);
            Bounds.within("--target-ms", targetMs, 1, 1e6);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        PrintWriter progress = spec.commandLine().getErr();
        List<List<OverloadResult>> results = new ArrayList<>();
        modes.forEach(mode -> results.add(new ArrayList<>()));
        for (long seed : seeds) {
            double capacity = Capacity.measure(replicas, traffic, seed);
            progress.printf(Locale.ROOT, "seed %d: the fleet can do %.1f requests/s%n", seed, capacity);
            for (int i = 0; i < modes.size(); i++) {
                long start = System.nanoTime();
                OverloadResult result = run(replicas, traffic, modes.get(i), capacity, seed);
                results.get(i).add(result);
                progress.printf(
                        Locale.ROOT,
                        "%-10s %s in %.1f s%n",
                        result.flow(),
                        row(List.of(result)).strip(),
                        (System.nanoTime() - start) / 1e9);
                progress.flush();
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%-10s %9s %9s %9s | %9s %9s | %-17s %9s %8s | %7s %9s %9s%n",
                "flow",
                "critical",
                "ttft p50",
                "p99",
                "std p50",
                "p99",
                "shares 50/33/17",
                "off by",
                "starved",
                "shed",
                "tokens/s",
                "output/s");
        results.forEach(all -> out.print(row(all)));
        out.printf(
                "%n%-10s %12s | %15s %15s %15s %9s%n",
                "flow", "engines busy", "prompt/s: asked", "put off before", "computed again", "output/s");
        results.forEach(all -> out.print(workRow(all)));
        out.flush();
        return 0;
    }

    private OverloadResult run(FleetSpec replicas, Workload traffic, FlowMode mode, double capacity, long seed) {
        double busyMs = minutes * 60_000;
        var arrivals = TenantTraffic.of(traffic, capacity, CALM, CALM_MS, factor, busyMs, seed);
        OverloadTally tally = new OverloadTally(CALM_MS, CALM_MS + busyMs, targetMs);
        new FlowRun(replicas, LabPolicy.named(policy), mode, seed, tally)
                .run(Arrivals.of(arrivals), CALM_MS + busyMs + DRAIN_MS);
        return tally.result(mode.label());
    }

    private static String row(List<OverloadResult> all) {
        return String.format(
                Locale.ROOT,
                "%-10s %8.2f%% %8.2fs %8.2fs | %8.1fs %8.1fs | %4.1f /%5.1f /%5.1f %8.1f%% %7.1fs | %6.1f%% %9.0f %9.0f%n",
                all.getFirst().flow(),
                100 * Estimate.mean(all, OverloadResult::criticalKept),
                Estimate.mean(all, result -> result.criticalTtft().p50()) / 1e3,
                Estimate.mean(all, result -> result.criticalTtft().p99()) / 1e3,
                Estimate.mean(all, result -> result.standardTtft().p50()) / 1e3,
                Estimate.mean(all, result -> result.standardTtft().p99()) / 1e3,
                100 * Estimate.mean(all, result -> result.shares()[0]),
                100 * Estimate.mean(all, result -> result.shares()[1]),
                100 * Estimate.mean(all, result -> result.shares()[2]),
                100 * Estimate.mean(all, OverloadResult::shareError),
                Estimate.mean(all, OverloadResult::starvedMs) / 1e3,
                100 * Estimate.mean(all, result -> (double) result.shed() / Math.max(1, result.standard())),
                Estimate.mean(all, result -> result.done().tokens()),
                Estimate.mean(all, result -> result.done().output()));
    }

    private static String workRow(List<OverloadResult> all) {
        return String.format(
                Locale.ROOT,
                "%-10s %12.2f | %15.0f %15.0f %15.0f %9.0f%n",
                all.getFirst().flow(),
                Estimate.mean(all, result -> result.done().enginesBusy()),
                Estimate.mean(all, result -> result.done().asked()),
                Estimate.mean(all, result -> result.done().putOff()),
                Estimate.mean(all, result -> result.done().again()),
                Estimate.mean(all, result -> result.done().output()));
    }
}
