package dev.presage.testbed.lab;

import dev.presage.cli.Subcommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage lab-results}: every scenario with its policies and several seeds, as the page testbed/RESULTS.md. */
@Command(
        name = "lab-results",
        mixinStandardHelpOptions = true,
        description = "Run all lab scenarios over several seeds and write the page of results.")
public final class ResultsCommand implements Subcommand {
    private static final int MAX_THREADS = 64;

    @Option(names = "--seeds", defaultValue = "5", description = "1 to 10 seeds, from 1 on. Default: ${DEFAULT-VALUE}")
    private int seeds;

    @Option(
            names = "--ablation-seeds",
            defaultValue = "2",
            description = "Seeds of the runs without a part. Default: ${DEFAULT-VALUE}")
    private int ablationSeeds;

    @Option(names = "--only", defaultValue = "", description = "Run only scenarios whose name contains this.")
    private String only = "";

    @Option(
            names = "--runs",
            defaultValue = "testbed/target/lab-runs.jsonl",
            description = "Runs are kept there; those of the same code are not made again. Default: ${DEFAULT-VALUE}")
    private Path kept = Path.of("");

    @Option(
            names = "--minutes",
            defaultValue = "60",
            description = "No run is begun later; the next call goes on. Default: ${DEFAULT-VALUE}")
    private double minutes;

    @Option(names = "--threads", defaultValue = "2", description = "Runs at a time. Default: ${DEFAULT-VALUE}")
    private int threads;

    @Option(
            names = "--output",
            defaultValue = "testbed/RESULTS.md",
            description = "File to write. Default: ${DEFAULT-VALUE}")
    private Path output = Path.of("");

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        for (int count : new int[] {seeds, ablationSeeds}) {
            if (count < 1 || count > Estimate.MOST_SEEDS) {
                throw new ParameterException(
                        spec.commandLine(), "seeds " + count + " outside 1.." + Estimate.MOST_SEEDS);
            }
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new ParameterException(spec.commandLine(), "threads " + threads + " outside 1.." + MAX_THREADS);
        }
        long begun = System.nanoTime();
        PrintWriter progress = spec.commandLine().getErr();
        LabRuns runs = new LabRuns(kept, CodeDigest.here());
        if (runs.passedOver() > 0) {
            progress.printf("%d runs in %s are of other code and do not count%n", runs.passedOver(), kept);
        }
        Map<LabRuns.Key, Scenario> due = due(runs);
        AtomicInteger left = new AtomicInteger(due.size());
        try (ExecutorService cores = Executors.newFixedThreadPool(threads)) {
            due.forEach((key, scenario) -> cores.execute(() -> {
                if (seconds(begun) < 60 * minutes) {
                    LabRuns.Kept made = made(key, scenario);
                    runs.keep(made);
                    progress.printf("%.1f s: %s, %d left%n", made.seconds(), key, left.decrementAndGet());
                    progress.flush();
                }
            }));
        }
        Files.writeString(output, new ResultsPage(runs, seeds).render());
        progress.printf("%d runs in %.0f s, %d left%n", due.size() - left.get(), seconds(begun), left.get());
        progress.flush();
        return left.get() == 0 ? 0 : 1;
    }

    /** What is still to be run: where something must be reached, then the rest, then without parts; first seeds first. */
    private Map<LabRuns.Key, Scenario> due(LabRuns runs) {
        Map<LabRuns.Key, Scenario> due = new LinkedHashMap<>();
        add(due, runs, Scenarios.ALL.stream().filter(Scenario::required).toList(), seeds);
        add(due, runs, Scenarios.ALL, seeds);
        add(due, runs, Scenarios.ABLATED, ablationSeeds);
        return due;
    }

    private void add(Map<LabRuns.Key, Scenario> due, LabRuns runs, List<Scenario> scenarios, int count) {
        for (long seed = 1; seed <= count; seed++) {
            for (Scenario scenario : scenarios) {
                for (String policy : scenario.policies()) {
                    LabRuns.Key key = new LabRuns.Key(scenario.name(), policy, seed);
                    if (scenario.name().contains(only) && !runs.has(key)) {
                        due.putIfAbsent(key, scenario);
                    }
                }
            }
        }
    }

    private static LabRuns.Kept made(LabRuns.Key key, Scenario scenario) {
        long start = System.nanoTime();
        PolicyResult result = scenario.run(key.policy(), key.seed());
        return new LabRuns.Kept(key, seconds(start), result);
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }
}
