package dev.presage.testbed.lab;

import dev.presage.cli.Subcommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code presage lab-results}: every scenario with every policy and several seeds, as the page testbed/RESULTS.md. */
@Command(
        name = "lab-results",
        mixinStandardHelpOptions = true,
        description = "Run all lab scenarios over several seeds and write the table of results.")
public final class ResultsCommand implements Subcommand {
    /** Two-sided 95 % quantiles of Student's t for 1 to 9 degrees of freedom. */
    private static final double[] STUDENT = {12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26};

    @Option(names = "--seeds", defaultValue = "5", description = "1 to 10 seeds, from 1 on. Default: ${DEFAULT-VALUE}")
    private int seeds;

    @Option(names = "--only", defaultValue = "", description = "Only scenarios whose name contains this.")
    private String only = "";

    @Option(
            names = "--policies",
            split = ",",
            defaultValue = "round-robin,least-request,heuristic,lmetric,learned,learned-fleet,clairvoyant",
            description = "Policies to compare; the last is what the others are divided by. Default: ${DEFAULT-VALUE}")
    private List<String> policies = List.of();

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
        if (seeds < 1 || seeds > STUDENT.length + 1) {
            throw new IOException("--seeds " + seeds + " outside 1.." + (STUDENT.length + 1));
        }
        PrintWriter progress = spec.commandLine().getErr();
        StringBuilder page = new StringBuilder("""
                # Lab results

                Written by `./presage lab-results`: simulated engines with measured GPU step times, virtual time, learned policies
                learning from nothing inside each run. TTFT in seconds, mean over %d seeds with 95 %% interval; "of best" is the
                mean TTFT divided by the clairvoyant greedy picker's; "error" is the median absolute percentage error of the TTFT
                predictions that were served with, "cover 90" the share of outcomes below the predicted p90. Seeds draw ties,
                explorations and the made-up traces. Scenarios marked * were looked at while the product was tuned, the others
                were only measured.
                """.formatted(seeds));
        for (Scenario scenario : Scenario.ALL) {
            if (scenario.name().contains(only)) {
                page.append(section(scenario));
                Files.writeString(output, page);
                progress.println(scenario.name());
                progress.flush();
            }
        }
        return 0;
    }

    private String section(Scenario scenario) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%n## %s%s%n%n| policy | mean TTFT | of best | p50 | p99 | TPOT p50 ms | hit | tokens/s | error | cover 90 |"
                        + "%n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |%n",
                scenario.name(),
                scenario.tuned() ? " *" : ""));
        List<List<PolicyResult>> all = new ArrayList<>();
        for (String policy : policies) {
            all.add(LongStream.rangeClosed(1, seeds)
                    .parallel()
                    .mapToObj(seed -> scenario.run(policy, seed))
                    .toList());
        }
        double best = mean(all.getLast(), result -> result.ttftMs().mean());
        all.forEach(results -> text.append(row(results, best)));
        return text.toString();
    }

    private static String row(List<PolicyResult> results, double best) {
        double ttft = mean(results, result -> result.ttftMs().mean());
        double error = mean(results, PolicyResult::ttftError);
        return String.format(
                Locale.ROOT,
                "| %s | %.3f ± %.3f | %.3f | %.3f | %.2f | %.1f | %.1f %% | %.0f | %s | %s |%n",
                results.getFirst().policy(),
                ttft / 1e3,
                interval(results) / 1e3,
                ttft / best,
                mean(results, result -> result.ttftMs().p50()) / 1e3,
                mean(results, result -> result.ttftMs().p99()) / 1e3,
                mean(results, result -> result.tpotMs().p50()),
                100 * mean(results, PolicyResult::prefixHit),
                mean(results, PolicyResult::outputTokensPerSecond),
                Double.isNaN(error) ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * error),
                Double.isNaN(error)
                        ? ""
                        : String.format(Locale.ROOT, "%.1f %%", 100 * mean(results, PolicyResult::ttftCoverage90)));
    }

    private static double mean(List<PolicyResult> results, ToDoubleFunction<PolicyResult> figure) {
        return results.stream().mapToDouble(figure).average().orElse(Double.NaN);
    }

    /** Half the width of the 95 % interval of the mean TTFT over seeds. */
    private static double interval(List<PolicyResult> results) {
        int n = results.size();
        if (n < 2) {
            return 0;
        }
        double mean = mean(results, result -> result.ttftMs().mean());
        double squares = results.stream()
                .mapToDouble(result -> Math.pow(result.ttftMs().mean() - mean, 2))
                .sum();
        return STUDENT[n - 2] * Math.sqrt(squares / (n - 1) / n);
    }
}
