package dev.presage.testbed.lab;

import dev.presage.cli.Subcommand;
import dev.presage.router.predict.Aim;
import dev.presage.router.predict.Placement;
import dev.presage.router.request.LatencyTargets;
import dev.presage.testbed.trace.Trace;
import dev.presage.testbed.trace.TraceRequest;
import dev.presage.testbed.trace.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage lab}: policies side by side on one trace, in virtual time. */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        description = "Replay a trace in virtual time over simulated replicas, once per policy.")
public final class LabCommand implements Subcommand {
    @Option(
            names = "--trace",
            description =
                    "Trace file, Mooncake JSON lines or Azure CSV, plain or gzipped. Default: the bundled Mooncake hour.")
    private @Nullable Path trace;

    @Option(
            names = "--workload",
            defaultValue = "conversation",
            description =
                    "Without --trace: conversation, conversation-spread, conversation-later, azure-sessions, shared-prompt-1,"
                            + " shared-prompt-16, shared-prompt-64, bursts or agents. Default: ${DEFAULT-VALUE}")
    private String workload = "";

    @Option(
            names = "--fleet",
            defaultValue = "4*h100-llama-2-70b-hf-tp8,4*a100-llama-2-70b-hf-tp4",
            description = "Replicas by profile name, for example 4*h100-llama-2-70b-hf-tp8. Default: ${DEFAULT-VALUE}")
    private String fleet = "";

    @Option(
            names = "--policies",
            split = ",",
            defaultValue = "heuristic,lmetric,learned,clairvoyant",
            description =
                    "Any of round-robin, random, least-request, heuristic, lmetric, fleet-lmetric, learned, learned-own,"
                            + " learned-fleet, learned-targets, clairvoyant, or learned-without- and a part: forest, calibration,"
                            + " correction, exploration, cache, queue, attention, decoding, scraped, rate.")
    private List<String> policies = List.of();

    @Option(names = "--requests", defaultValue = "6000", description = "Requests to replay. Default: ${DEFAULT-VALUE}")
    private int requests;

    @Option(
            names = "--warmup",
            defaultValue = "1500",
            description = "The first requests, which are not counted. Default: ${DEFAULT-VALUE}")
    private int warmup;

    @Option(names = "--speed", defaultValue = "1", description = "Arrivals come this much faster.")
    private double speed;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of every random draw.")
    private long seed;

    @Option(names = "--hide-labels", description = "Replicas carry no hardware label.")
    private boolean hideLabels;

    @Option(
            names = "--lora",
            defaultValue = "0",
            description = "Spread the conversations over so many LoRA adapters. Default: none")
    private int adapters;

    @Option(names = "--routers", defaultValue = "1", description = "Requests are spread over this many routers.")
    private int routers;

    @Option(
            names = "--peer-lag",
            description = "The routers hear of each other's requests after so many milliseconds. Default: never")
    private double peerLagMs = Double.POSITIVE_INFINITY;

    @Option(
            names = "--incident",
            description = "slow:REPLICA:FACTOR@SECONDS, restart:REPLICA:SECONDS@SECONDS, leave:REPLICA@SECONDS or"
                    + " join:REPLICA@SECONDS of virtual time; may be repeated.")
    private List<String> incidents = List.of();

    @Option(
            names = "--ttft-target",
            description = "Milliseconds within which first tokens must come: goodput is counted, learned-targets aims.")
    private double ttftTarget = Double.POSITIVE_INFINITY;

    @Option(names = "--tpot-target", description = "The same for the time per output token.")
    private double tpotTarget = Double.POSITIVE_INFINITY;

    @Option(
            names = "--target-confidence",
            defaultValue = "0.5",
            description = "learned-targets: the chance that counts as meeting. Default: ${DEFAULT-VALUE}")
    private double confidence;

    @Option(
            names = "--placement",
            defaultValue = "CHEAPEST",
            description = "learned-targets, among those that meet: CHEAPEST, PACK or SPREAD. Default: ${DEFAULT-VALUE}")
    private Placement placement = Placement.CHEAPEST;

    @Option(names = "--output", defaultValue = "table", description = "table, csv or json.")
    private LabOutput output = LabOutput.table;

    @Option(names = "--plot", description = "Also write a bar chart of the TTFTs to this SVG file.")
    private @Nullable Path plot;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        FleetSpec replicas;
        LabSettings settings;
        List<TraceRequest> replayed;
        try {
            replicas = FleetSpec.parse(fleet);
            replayed = read();
            settings = new LabSettings(
                    Math.min(requests, replayed.size()),
                    warmup,
                    speed,
                    seed,
                    !hideLabels,
                    routers,
                    peerLagMs,
                    incidents.stream().map(Incident::parse).toList(),
                    adapters,
                    new Aim(new LatencyTargets(ttftTarget, tpotTarget), confidence, placement));
            settings.checkReplicas(replicas.replicas().size());
            policies.forEach(LabPolicy::named);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        PrintWriter progress = spec.commandLine().getErr();
        List<PolicyResult> results = new ArrayList<>();
        for (String name : policies) {
            long start = System.nanoTime();
            results.add(new LabRun(replicas, LabPolicy.named(name), settings).run(replayed));
            progress.printf(
                    "%-14s %d requests in %.1f s%n", name, settings.requests(), (System.nanoTime() - start) / 1e9);
            progress.flush();
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.render(results));
        out.flush();
        if (plot != null) {
            BarChart.write(plot, results);
        }
        return 0;
    }

    private List<TraceRequest> read() {
        if (trace == null) {
            return Workload.named(workload).trace(seed);
        }
        return trace.getFileName().toString().contains(".csv") ? Trace.azure(trace) : Trace.mooncake(trace);
    }
}
