package dev.presage.testbed.bench;

import dev.presage.cli.Subcommand;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code presage bench micro}: the parts of a decision by JMH, each in a process of its own. */
@Command(
        name = "micro",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measure the parts of a decision one by one (JMH): request, matrix, forests, pick, reply.")
public final class MicroCommand implements Subcommand {
    @Option(names = "--include", defaultValue = ".*", description = "Regular expression of names (${DEFAULT-VALUE})")
    private String include = "";

    @Option(names = "--forks", defaultValue = "1", description = "Processes per row (${DEFAULT-VALUE})")
    private int forks;

    @Option(names = "--iterations", defaultValue = "5", description = "Measurements per process (${DEFAULT-VALUE})")
    private int iterations;

    @Option(names = "--seconds", defaultValue = "1", description = "Length of one measurement (${DEFAULT-VALUE})")
    private double seconds;

    @Option(names = "--allocation", description = "Report bytes allocated per operation, too")
    private boolean allocation;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws RunnerException {
        TimeValue each = TimeValue.milliseconds(Math.round(seconds * 1_000));
        OptionsBuilder options = new OptionsBuilder();
        options.include("dev\\.presage\\.testbed\\.bench\\..*" + include)
                .forks(forks)
                .shouldFailOnError(true)
                .warmupIterations(3)
                .warmupTime(each)
                .measurementIterations(iterations)
                .measurementTime(each)
                .timeUnit(TimeUnit.NANOSECONDS)
                .jvmArgsAppend("-XX:+UseCompactObjectHeaders")
                .verbosity(VerboseMode.SILENT);
        if (allocation) {
            options.addProfiler("gc");
        }
        PrintWriter out = spec.commandLine().getOut();
        print(out, new Runner(options.build()).run());
        out.flush();
        return 0;
    }

    private static void print(PrintWriter out, Collection<RunResult> results) {
        out.printf("%-28s %10s %14s %10s %12s%n", "part", "size", "ns", "+-", "bytes");
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            var parameters = result.getParams();
            String size = parameters.getParamsKeys().stream()
                    .map(parameters::getParam)
                    .reduce("-", (none, value) -> value);
            var bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
            out.printf(
                    Locale.ROOT,
                    "%-28s %10s %14.1f %10.1f %12s%n",
                    name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
                    size,
                    result.getPrimaryResult().getScore(),
                    result.getPrimaryResult().getScoreError(),
                    bytes == null ? "-" : String.format(Locale.ROOT, "%.0f", bytes.getScore()));
        }
    }
}
