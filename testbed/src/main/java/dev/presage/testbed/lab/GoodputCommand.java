package dev.presage.testbed.lab;

import dev.presage.cli.Subcommand;
import dev.presage.testbed.trace.TraceRequest;
import dev.presage.testbed.trace.Workload;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage lab-goodput}: requests with unlike latency targets, and how many keep theirs by policy. */
@Command(
        name = "lab-goodput",
        mixinStandardHelpOptions = true,
        description = "Requests within both of their latency targets, by policy, at the same load.")
public final class GoodputCommand implements Subcommand {
    @Option(
            names = "--policies",
            split = ",",
            defaultValue = "heuristic,lmetric,learned,learned-targets,clairvoyant",
            description = "Policies of lab. Ratios are to the first and, where it is there, to clairvoyant.")
    private List<String> policies = List.of();

    @Option(
            names = "--mix",
            split = ",",
            defaultValue = "0.4:2000:60,0.3:8000:35,0.3:30000:100",
            description = "Kinds of requests, SHARE:TTFT_MS:TPOT_MS each. Default: ${DEFAULT-VALUE}")
    private List<String> mix = List.of();

    @Option(
            names = "--workload",
            defaultValue = "conversation",
            description = "A workload of lab. Default: ${DEFAULT-VALUE}")
    private String workload = "";

    @Option(
            names = "--fleet",
            defaultValue = "4*h100-llama-2-70b-hf-tp8,4*a100-llama-2-70b-hf-tp4",
            description = "Replicas by profile name. Default: ${DEFAULT-VALUE}")
    private String fleet = "";

    @Option(names = "--requests", defaultValue = "4000", description = "Requests to replay. Default: ${DEFAULT-VALUE}")
    private int requests;

    @Option(
            names = "--warmup",
            defaultValue = "1500",
            description = "The first requests, which are not counted. Default: ${DEFAULT-VALUE}")
    private int warmup;

    @Option(names = "--speed", defaultValue = "1", description = "Arrivals come this much faster.")
    private double speed;

    @Option(names = "--seeds", split = ",", defaultValue = "1,2,3", description = "Default: ${DEFAULT-VALUE}")
    private List<Long> seeds = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, List<PolicyResult>> results = new LinkedHashMap<>();
        try {
            FleetSpec replicas = FleetSpec.parse(fleet);
            TargetMix targets = TargetMix.parse(mix);
            Workload replayed = Workload.named(workload);
            policies.forEach(LabPolicy::named);
            for (long seed : seeds) {
                List<TraceRequest> trace = replayed.trace(seed);
                LabSettings settings = new LabSettings(Math.min(requests, trace.size()), warmup, speed, seed, true);
                for (String name : policies) {
                    LabRun run =
                            new LabRun(replicas, LabPolicy.named(name), settings, request -> targets.of(request, seed));
                    PolicyResult result = run.run(trace);
                    results.computeIfAbsent(name, key -> new ArrayList<>()).add(result);
                    progress(name, seed, result);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        print(results);
        return 0;
    }

    private void progress(String name, long seed, PolicyResult result) {
        PrintWriter progress = spec.commandLine().getErr();
        progress.printf(Locale.ROOT, "seed %d: %-16s %.1f %%%n", seed, name, 100 * result.goodShare());
        progress.flush();
    }

    private void print(Map<String, List<PolicyResult>> results) {
        PrintWriter out = spec.commandLine().getOut();
        List<PolicyResult> first = results.getOrDefault(policies.getFirst(), List.of());
        List<PolicyResult> best = results.getOrDefault("clairvoyant", List.of());
        out.printf(
                "%-16s %9s %9s | %12s %12s | %9s %9s%n",
                "policy", "in time", "a second", "/ " + policies.getFirst(), "/ clairvoy.", "ttft mean", "p99");
        results.forEach((name, all) -> out.printf(
                Locale.ROOT,
                "%-16s %8.1f%% %9.2f | %12.2f %12.2f | %8.2fs %8.2fs%n",
                name,
                100 * Estimate.mean(all, PolicyResult::goodShare),
                Estimate.mean(all, PolicyResult::goodPerSecond),
                Estimate.mean(all, PolicyResult::goodShare) / Estimate.mean(first, PolicyResult::goodShare),
                Estimate.mean(all, PolicyResult::goodShare) / Estimate.mean(best, PolicyResult::goodShare),
                Estimate.mean(all, result -> result.ttftMs().mean()) / 1e3,
                Estimate.mean(all, result -> result.ttftMs().p99()) / 1e3));
        out.flush();
    }
}
