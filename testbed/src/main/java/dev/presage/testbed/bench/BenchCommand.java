package dev.presage.testbed.bench;

import dev.presage.cli.Subcommand;
import dev.presage.testbed.gateway.ScratchDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage bench}: whole decisions over gRPC on loopback, beside a server that decides nothing. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {MicroCommand.class, StartCommand.class},
        description = "Measure whole decisions over gRPC on loopback, next to a server that decides nothing.")
public final class BenchCommand implements Subcommand {
    /** With prediction on, a figure for which the model made fewer of the decisions is none. */
    private static final double ENOUGH_LEARNED = 0.9;

    private enum Switch {
        on,
        off
    }

    @Option(names = "--endpoints", split = ",", defaultValue = "8", description = "Fleet sizes (${DEFAULT-VALUE})")
    private List<Integer> endpoints = List.of();

    @Option(names = "--bodies", split = ",", defaultValue = "16384", description = "Body sizes (${DEFAULT-VALUE})")
    private List<Integer> bodies = List.of();

    @Option(
            names = "--concurrency",
            split = ",",
            defaultValue = "1,16",
            description = "Closed loop: requests under way (${DEFAULT-VALUE}); 0 for none")
    private List<Integer> concurrency = List.of();

    @Option(names = "--rates", split = ",", description = "Open loop: Poisson arrivals per second, replies streamed")
    private List<Integer> rates = List.of();

    @Option(names = "--seconds", defaultValue = "1.5", description = "Length of one measurement (${DEFAULT-VALUE})")
    private double seconds;

    @Option(names = "--repeats", defaultValue = "3", description = "Measurements per row (${DEFAULT-VALUE})")
    private int repeats;

    @Option(names = "--warmup", defaultValue = "14", description = "Seconds of load before (${DEFAULT-VALUE})")
    private double warmup;

    @Option(names = "--connections", defaultValue = "2", description = "Of the load client (${DEFAULT-VALUE})")
    private int connections;

    @Option(names = "--prediction", defaultValue = "on", description = "on, or off: no model (${DEFAULT-VALUE})")
    private Switch prediction = Switch.on;

    @Option(names = "--tls", description = "TLS on the router's port; the floor stays plaintext")
    private boolean tls;

    @Option(
            names = "--floor",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Measure the null server too (${DEFAULT-VALUE})")
    private boolean floor;

    @Option(names = "--envoy", description = "Through a real Envoy, next to Envoy alone; replies are streamed")
    private boolean envoy;

    @Option(
            names = "--retrain-every",
            defaultValue = "0",
            description = "Seconds; a new champion is swapped in each time")
    private double retrainEvery;

    @Option(names = "--against", description = "Another checkout, already built, whose router is measured too")
    private @Nullable Path against;

    @Option(names = "--jvm-flags", split = " ", description = "For the servers, such as \"-XX:+UseSerialGC -Xmx1g\"")
    private List<String> jvmFlags = List.of();

    @Option(names = "--seed", defaultValue = "1", description = "Of prompts and arrivals")
    private long seed;

    @Option(names = "--output", defaultValue = "table", description = "table or json")
    private BenchOutput output = BenchOutput.table;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        BenchPlan plan = plan();
        PrintWriter err = spec.commandLine().getErr();
        List<CellResult> results;
        try (ScratchDirectory scratch = ScratchDirectory.create("presage-bench")) {
            ServerStarter starter =
                    new ServerStarter(plan, scratch.path(), jvmFlags, System::nanoTime, new SplittableRandom(seed));
            results = new BenchRun(plan, starter, against, System::nanoTime, line -> {
                        err.println(line);
                        err.flush();
                    })
                    .run();
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.render(results));
        out.flush();
        boolean good = true;
        for (CellResult result : results) {
            good &= isGood(result, err);
        }
        err.flush();
        return good ? 0 : 1;
    }

    private boolean isGood(CellResult result, PrintWriter err) {
        if (result.errors() > 0) {
            err.printf("%d errors: %s%n", result.errors(), result.server());
            return false;
        }
        if (prediction == Switch.on
                && !result.server().equals(ServerUnderTest.FLOOR)
                && !result.server().equals(ServerUnderTest.ALONE)
                && !(result.learnedShare() >= ENOUGH_LEARNED)) {
            err.printf("the model did not decide: %s%n", result.decidedBy());
            return false;
        }
        return true;
    }

    private BenchPlan plan() {
        try {
            List<LoadShape> shapes = new ArrayList<>();
            concurrency.stream().filter(c -> c != 0).map(LoadShape.Closed::new).forEach(shapes::add);
            rates.stream().map(LoadShape.Open::new).forEach(shapes::add);
            return new BenchPlan(
                    endpoints,
                    bodies,
                    shapes,
                    Duration.ofMillis(Math.round(seconds * 1_000)),
                    repeats,
                    Duration.ofMillis(Math.round(warmup * 1_000)),
                    tls,
                    prediction == Switch.on,
                    connections,
                    floor,
                    envoy,
                    Duration.ofMillis(Math.round(retrainEvery * 1_000)));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
