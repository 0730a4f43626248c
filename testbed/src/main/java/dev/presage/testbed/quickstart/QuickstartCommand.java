package dev.presage.testbed.quickstart;

import ch.qos.logback.classic.Level;
import dev.presage.cli.Subcommand;
import dev.presage.cli.Termination;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.gateway.GatewayException;
import dev.presage.testbed.gateway.ScratchDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage quickstart}: the whole loop live, on this machine, on loopback, and nothing left behind. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description = {
            "Run the whole learned loop on this machine: Envoy, three routers, simulated replicas, Kafka, trainer, model store.",
            "Three policies get the same requests at the same time; the learned one starts with no model."
        })
public final class QuickstartCommand implements Subcommand {
    private static final int INTERRUPTED = 130;
    private static final double LONGEST_MINUTES = 60;

    @Option(names = "--minutes", defaultValue = "5", description = "Length of the load (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(names = "--output", defaultValue = "table", description = "table or json, on standard output.")
    private ReportFormat output = ReportFormat.table;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Seed of every random draw (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--envoy", paramLabel = "PATH", description = "Envoy's binary (default: found or fetched).")
    private @Nullable Path envoy;

    @Option(names = "--front-door", description = "Do without Envoy: use the built-in HTTP front door.")
    private boolean frontDoor;

    @Option(names = "--page-port", defaultValue = "0", description = "Port of the live page, 0 for any free one.")
    private int pagePort;

    @Option(names = "--keep-data", paramLabel = "DIR", description = "Keep topics, bundles and spool here.")
    private @Nullable Path keepData;

    @Option(
            names = "--trace-speed",
            defaultValue = "0.5",
            description = "Trace time over engine time: how hard the replicas work (default: ${DEFAULT-VALUE}).")
    private double traceSpeed;

    @Option(
            names = "--speed-up",
            defaultValue = "5",
            description = "Engine time over wall time: how fast replicas run (default: ${DEFAULT-VALUE}).")
    private double speedUp;

    @Option(names = "--verbose", description = "Log what each part does.")
    private boolean verbose;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Experiment experiment = experiment();
        if (!verbose && LoggerFactory.getLogger("dev.presage") instanceof ch.qos.logback.classic.Logger logger) {
            logger.setLevel(Level.WARN);
        }
        Thread main = Thread.currentThread();
        try (Termination termination = Termination.install();
                ScratchDirectory scratch = ScratchDirectory.create("presage-quickstart");
                Quickstart run = new Quickstart(experiment, Display.open(isTerminal()))) {
            Thread.ofVirtual().name("quickstart-interrupt").start(() -> interruptOnSignal(termination, main));
            Path data = keepData == null ? scratch.path() : Files.createDirectories(keepData);
            QuickstartReport report = run.run(data, new Quickstart.Doors(envoy, frontDoor, pagePort));
            PrintWriter out = spec.commandLine().getOut();
            out.print(output.render(report));
            out.flush();
            return 0;
        } catch (InterruptedException e) {
            System.err.println("Stopped.");
            return INTERRUPTED;
        } catch (GatewayException e) {
            System.err.println("presage: " + e.getMessage());
            return 1;
        }
    }

    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    private static void interruptOnSignal(Termination termination, Thread main) {
        try {
            termination.await();
            main.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Experiment experiment() {
        if (!(minutes > 0 && minutes <= LONGEST_MINUTES)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--minutes must be above 0 and at most " + LONGEST_MINUTES + ", got " + minutes);
        }
        try {
            EngineProfile fast = EngineProfile.named("h100-llama-2-70b-hf-tp8");
            EngineProfile slow = EngineProfile.named("a100-llama-2-70b-hf-tp4");
            Duration length = Duration.ofMillis(Math.round(minutes * 60_000));
            return new Experiment(length, List.of(fast, fast, slow, slow), traceSpeed, speedUp, seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
