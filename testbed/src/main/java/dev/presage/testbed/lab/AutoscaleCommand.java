package dev.presage.testbed.lab;

import dev.presage.cli.Subcommand;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.trace.Workload;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage lab-autoscale}: a fleet that grows and shrinks by one signal after the other, under the same ramp and burst. */
@Command(
        name = "lab-autoscale",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Scale simulated replicas by different signals under a ramp and a burst.")
public final class AutoscaleCommand implements Subcommand {
    @Option(
            names = "--signals",
            split = ",",
            description =
                    "Any of utilisation, kv-usage, queue, pending-tokens," + " predicted-saturation. Default: all")
    private List<String> signals = ScalingSignal.labels();

    @Option(
            names = "--targets",
            split = ",",
            defaultValue = "0.5,1,2,4",
            description = "Multiples of each signal's middle target, each a row. Default: ${DEFAULT-VALUE}")
    private List<Double> targets = List.of();

    @Option(
            names = "--profile",
            defaultValue = "h100-llama-2-70b-hf-tp8",
            description = "What a replica is. Default: ${DEFAULT-VALUE}")
    private String profile = "";

    @Option(
            names = "--workload",
            defaultValue = "conversation",
            description = "Whose lengths and conversations: a workload of the lab. Default: ${DEFAULT-VALUE}")
    private String workload = "";

    @Option(
            names = "--policy",
            defaultValue = "learned",
            description = "Who picks, as in lab. Default: ${DEFAULT-VALUE}")
    private String policy = "";

    @Option(names = "--least", defaultValue = "2", description = "Replicas at least. Default: ${DEFAULT-VALUE}")
    private int least;

    @Option(names = "--most", defaultValue = "12", description = "And at most. Default: ${DEFAULT-VALUE}")
    private int most;

    @Option(
            names = "--start-seconds",
            defaultValue = "120",
            description = "From asking for a replica to its first request. Default: ${DEFAULT-VALUE}")
    private double startSeconds;

    @Option(
            names = "--load",
            defaultValue = "0.5",
            description =
                    "Calm arrivals over what the least replicas can do, which is measured first. Default: ${DEFAULT-VALUE}")
    private double load;

    @Option(names = "--target-ms", defaultValue = "2000", description = "TTFT in time. Default: ${DEFAULT-VALUE}")
    private double targetMs;

    @Option(names = "--seeds", defaultValue = "3", description = "Seeds, from 1 on. Default: ${DEFAULT-VALUE}")
    private int seeds;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<ScalingSignal> asked;
        EngineProfile replica;
        Workload traffic;
        Autoscaler.Limits limits;
        try {
            asked = signals.stream().map(ScalingSignal::named).toList();
            replica = EngineProfile.named(profile);
            traffic = Workload.named(workload);
            limits = new Autoscaler.Limits(least, most, 1e3 * startSeconds);
            LabPolicy.named(policy);
            Bounds.within("--load", load, 0.01, 10);
            Bounds.within("--target-ms", targetMs, 1, 1e6);
            Bounds.within("--seeds", seeds, 1, 100);
            for (double target : targets) {
                Bounds.within("--targets", target, 1e-3, 1e3);
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        Map<String, List<ScalingResult>> results = new LinkedHashMap<>();
        for (long seed = 1; seed <= seeds; seed++) {
            double capacity =
                    Capacity.measure(new FleetSpec(Collections.nCopies(least, replica)), traffic, seed) / least;
            Surge surge = new Surge(load * least * capacity);
            var arrivals = surge.arrivals(traffic, seed);
            progress("seed %d: a replica can do %.2f requests/s; %d requests%n", seed, capacity, arrivals.size());
            for (ScalingSignal signal : asked) {
                for (double multiple : targets) {
                    double target = multiple * signal.target();
                    ScalingResult result = new ScalingRun(
                                    replica, limits, surge, capacity, arrivals, signal, target, targetMs, policy, seed)
                            .go();
                    results.computeIfAbsent(signal.label() + target, key -> new ArrayList<>())
                            .add(result);
                    progress("%s", ScalingResult.row(List.of(result)));
                }
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(ScalingResult.HEAD);
        results.values().forEach(all -> out.print(ScalingResult.row(all)));
        out.flush();
        return 0;
    }

    private void progress(String format, Object... values) {
        PrintWriter err = spec.commandLine().getErr();
        err.printf(Locale.ROOT, format, values);
        err.flush();
    }
}
