package dev.presage.testbed.lab;

import dev.presage.cli.Subcommand;
import dev.presage.pipeline.eventlog.LogConsumer;
import dev.presage.pipeline.eventlog.LogPosition;
import dev.presage.pipeline.eventlog.SampleLog;
import dev.presage.pipeline.eventlog.StartFrom;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.KafkaOptions;
import dev.presage.testbed.trace.LoggedTrace;
import dev.presage.testbed.trace.TraceRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code presage lab-trace}: a pool's logged traffic as a trace that {@code presage lab} replays. */
@Command(
        name = "lab-trace",
        mixinStandardHelpOptions = true,
        description =
                "Write a pool's logged traffic as a trace for lab: what would another fleet or target make of it?")
public final class TraceCommand implements Subcommand {
    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--pool", required = true, description = "The pool.")
    private String pool = "";

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "Where to, as JSON lines.")
    private Path output = Path.of("");

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "20000",
            description = "How many of the last samples of each partition. Default: ${DEFAULT-VALUE}")
    private long last;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to read at most. Default: ${DEFAULT-VALUE}")
    private int timeout;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Collected collected = new Collected();
        boolean whole;
        try (SampleLog log = SampleLog.follow(kafka.connection(), pool, StartFrom.last(last), collected)) {
            whole = collected.caughtUp.await(timeout, TimeUnit.SECONDS);
        }
        PrintWriter err = spec.commandLine().getErr();
        List<TraceRequest> trace = LoggedTrace.of(collected.samples());
        if (trace.isEmpty()) {
            err.printf(
                    "no completed request of pool '%s' in the log%s%n",
                    pool, whole ? "" : ", which could not be read to its end in " + timeout + " s");
            return 1;
        }
        Files.write(output, trace.stream().map(LoggedTrace::line).toList());
        err.printf(
                "%d requests over %.0f s%s%n",
                trace.size(),
                trace.getLast().arrivalMs() / 1e3,
                whole ? "" : "; the log could not be read to its end in " + timeout + " s");
        return 0;
    }

    /** Bounded by {@code --last} and the number of partitions. */
    private static final class Collected implements LogConsumer<Sample> {
        final CountDownLatch caughtUp = new CountDownLatch(1);
        private final List<Sample> samples = new ArrayList<>();

        @Override
        public synchronized void onRecord(Sample sample, LogPosition position) {
            samples.add(sample);
        }

        @Override
        public void onCaughtUp() {
            caughtUp.countDown();
        }

        synchronized List<Sample> samples() {
            return List.copyOf(samples);
        }
    }
}
