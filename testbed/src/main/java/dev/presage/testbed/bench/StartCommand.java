package dev.presage.testbed.bench;

import dev.presage.cli.Presage;
import dev.presage.cli.Subcommand;
import dev.presage.testbed.gateway.ScratchDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage bench start}: how long a router takes from its start to its first answers. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measure starts of the router: to the first routed request, to the first that a model routed.")
public final class StartCommand implements Subcommand {
    @Option(
            names = "--launcher",
            split = " ",
            description =
                    "Command that epp and its flags are appended to, such as /opt/presage/bin/presage or docker run ...;"
                            + " default: this build")
    private List<String> launcher = List.of();

    @Option(names = "--endpoints", defaultValue = "8", description = "Size of the fleet (${DEFAULT-VALUE})")
    private int endpoints;

    @Option(
            names = "--repeats",
            defaultValue = "5",
            description = "Starts that count, after one that does not (${DEFAULT-VALUE})")
    private int repeats;

    @Option(
            names = "--directory",
            description =
                    "Empty directory for the store and logs, kept; the launcher must see it under the same name; default: a temporary one")
    private @Nullable Path directory;

    @Option(names = "--most-routed", description = "Seconds; a longer median of the first routed request is an error")
    private double mostRouted = Double.POSITIVE_INFINITY;

    @Option(names = "--most-learned", description = "The same for the first that the model routed")
    private double mostLearned = Double.POSITIVE_INFINITY;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (repeats < 0 || endpoints < 1) {
            throw new ParameterException(spec.commandLine(), "--repeats must be at least 0 and --endpoints at least 1");
        }
        if (directory != null) {
            return run(directory.toAbsolutePath());
        }
        try (ScratchDirectory scratch = ScratchDirectory.create("presage-start")) {
            return run(scratch.path());
        }
    }

    private int run(Path place) throws IOException, InterruptedException {
        BenchModel.publish(ColdStart.store(place), ProcessorClient.FIRST_TOKEN_MS, InstantSource.system());
        List<StartTime> starts = new ArrayList<>();
        try (EnginePages engines = new EnginePages(endpoints)) {
            List<String> command =
                    launcher.isEmpty() ? ServerProcess.java(List.of(), Presage.class.getName()) : launcher;
            ColdStart start = new ColdStart(command, place, engines, System::nanoTime);
            start.measure(0); // warms this client and the disk's cache
            for (int i = 1; i <= repeats; i++) {
                starts.add(start.measure(i));
            }
        }
        if (starts.isEmpty()) {
            return 0;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(StartTime.table(starts));
        out.flush();
        boolean good = StartTime.median(starts, StartTime::routed) <= mostRouted
                && StartTime.median(starts, StartTime::learned) <= mostLearned;
        return good ? 0 : 1;
    }
}
