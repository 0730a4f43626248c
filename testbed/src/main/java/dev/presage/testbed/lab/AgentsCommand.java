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

/** {@code presage lab-agents}: programs of many short steps over one long context each, more of them than the KV caches hold. */
@Command(
        name = "lab-agents",
        mixinStandardHelpOptions = true,
        description =
                "Agent programs over simulated replicas: how much context is computed again, by policy and flow control.")
public final class AgentsCommand implements Subcommand {
    private static final double MOST_MS = 4 * 3_600_000;

    @Option(
            names = "--arms",
            split = ",",
            defaultValue =
                    "heuristic/none,lmetric/none,learned/none,heuristic/presage-programs,learned/presage-programs",
            description = "A policy of lab and a flow control of lab-overload each. Default: ${DEFAULT-VALUE}")
    private List<String> arms = List.of();

    @Option(
            names = "--fleet",
            defaultValue = "2*h100-llama-2-70b-hf-tp4",
            description = "Replicas by profile name. Default: ${DEFAULT-VALUE}")
    private String fleet = "";

    @Option(names = "--programs", defaultValue = "120", description = "How many. Default: ${DEFAULT-VALUE}")
    private int programs;

    @Option(
            names = "--rate",
            defaultValue = "0.3",
            description = "Programs that start a second. Default: ${DEFAULT-VALUE}")
    private double rate;

    @Option(
            names = "--tool-ms",
            defaultValue = "3000",
            description = "Mean time that a tool takes, beside a second. Default: ${DEFAULT-VALUE}")
    private double toolMs;

    @Option(names = "--seeds", split = ",", defaultValue = "1,2,3", description = "Default: ${DEFAULT-VALUE}")
    private List<Long> seeds = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        FleetSpec replicas;
        List<LabArm> all;
        try {
            replicas = FleetSpec.parse(fleet);
            all = arms.stream().map(LabArm::parse).toList();
            if (!(rate > 0 && rate <= 1_000 && toolMs > 0 && toolMs <= 1e6 && programs >= 1 && programs <= 100_000)) {
                throw new IllegalArgumentException(
                        "--rate outside (0, 1000], --tool-ms outside (0, 1e6] or --programs" + " outside 1..100000");
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%-28s %9s %9s %11s %11s %11s %9s%n",
                "policy/flow", "programs", "again", "program", "p95", "all done", "ttft p95");
        out.flush();
        new ArmTable<>(
                        (arm, seed) -> run(replicas, arm, seed),
                        AgentsCommand::row,
                        result -> "steps " + result.stays() + ", tokens again " + result.againBy())
                .print(spec, all, seeds);
        return 0;
    }

    private AgentTally.Result run(FleetSpec replicas, LabArm arm, long seed) {
        AgentTally tally = new AgentTally();
        new FlowRun(replicas, LabPolicy.named(arm.policy()), arm.flow(), seed, tally)
                .run(new AgentTraffic(programs, rate, toolMs, seed, tally), MOST_MS);
        return tally.result();
    }

    private static String row(LabArm arm, List<AgentTally.Result> all) {
        return String.format(
                Locale.ROOT,
                "%-28s %9.0f %8.1f%% %10.0fs %10.0fs %10.0fs %8.2fs%n",
                arm.label(),
                Estimate.mean(all, AgentTally.Result::programs),
                100 * Estimate.mean(all, AgentTally.Result::again),
                Estimate.mean(all, result -> result.programMs().mean()) / 1e3,
                Estimate.mean(all, result -> result.programMs().p95()) / 1e3,
                Estimate.mean(all, AgentTally.Result::lastMs) / 1e3,
                Estimate.mean(all, result -> result.ttftMs().p95()) / 1e3);
    }
}
