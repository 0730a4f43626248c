package dev.presage.testbed.load;

import dev.presage.cli.Subcommand;
import dev.presage.testbed.trace.Trace;
import dev.presage.testbed.trace.TraceRequest;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code presage load}: replays a trace against an OpenAI-compatible server and prints what its clients saw. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = "Replay a trace as streamed completions, open loop, and report client-side latency.")
public final class LoadCommand implements Subcommand {
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(5);

    @Option(names = "--url", required = true, description = "Base URL, for example http://127.0.0.1:8080.")
    @SuppressWarnings("NullAway.Init")
    private URI url;

    @Option(names = "--model", defaultValue = "llama-2-70b", description = "Model name (default: ${DEFAULT-VALUE}).")
    private String model = "";

    @Option(
            names = "--trace",
            description = "Trace file, Mooncake JSON lines or Azure CSV (default: bundled Mooncake hour).")
    private @Nullable Path trace;

    @Option(names = "--requests", defaultValue = "1000", description = "At most so many (default: ${DEFAULT-VALUE}).")
    private int requests;

    @Option(names = "--minutes", defaultValue = "5", description = "At most so long (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(
            names = "--speed",
            defaultValue = "1",
            description =
                    "Trace time over wall time; the bundled trace has 3.3 requests a second (default: ${DEFAULT-VALUE}).")
    private double speed;

    @Option(
            names = "--rate",
            description = "Mean requests a second instead of --speed; the trace's gaps are kept in proportion.")
    private @Nullable Double rate;

    @Option(
            names = "--max-in-flight",
            defaultValue = "1000",
            description = "More count as failed (default: ${DEFAULT-VALUE}).")
    private int maxInFlight;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        LoadPlan plan = plan(read());
        Queue<ClientSample> samples = new ConcurrentLinkedQueue<>();
        try (OpenLoopLoad load = new OpenLoopLoad(
                List.of(new LoadTarget("load", url)), model, maxInFlight, samples::add, System::nanoTime)) {
            load.run(plan);
            if (!load.drain(DRAIN_LIMIT)) {
                System.err.println(load.inFlight("load") + " requests are unanswered after " + DRAIN_LIMIT);
            }
        }
        List<ClientSample> done = new ArrayList<>(samples);
        PrintWriter out = spec.commandLine().getOut();
        out.print(report(done, plan.requests().size()));
        out.flush();
        return done.size() == plan.requests().size() && done.stream().allMatch(ClientSample::ok) ? 0 : 1;
    }

    private List<TraceRequest> read() {
        if (trace == null) {
            return Trace.mooncakeConversation();
        }
        String name = trace.getFileName().toString();
        return name.endsWith(".csv") || name.endsWith(".csv.gz") ? Trace.azure(trace) : Trace.mooncake(trace);
    }

    private LoadPlan plan(List<TraceRequest> all) {
        if (requests < 1 || maxInFlight < 1 || !(minutes > 0)) {
            throw new ParameterException(
                    spec.commandLine(), "--requests and --max-in-flight must be at least 1, --minutes above 0");
        }
        double pace = rate == null ? speed : rate / (all.size() / (all.getLast().arrivalMs() / 1e3));
        if (!(pace > 0)) {
            throw new ParameterException(spec.commandLine(), "--speed and --rate must be above 0");
        }
        return LoadPlan.replay(all, pace, Duration.ofMillis(Math.round(minutes * 60_000)), requests);
    }

    static String report(List<ClientSample> samples, int planned) {
        List<ClientSample> ok = samples.stream().filter(ClientSample::ok).toList();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%d planned, %d complete, %d failed%n", planned, ok.size(), planned - ok.size()));
        samples.stream()
                .filter(sample -> !sample.ok())
                .map(ClientSample::failure)
                .distinct()
                .limit(5)
                .forEach(failure -> text.append("  failure: ").append(failure).append('\n'));
        row(text, "ttft", ok.stream().mapToDouble(ClientSample::ttftMs).toArray());
        row(text, "tpot", ok.stream().mapToDouble(ClientSample::tpotMs).toArray());
        row(text, "e2e", ok.stream().mapToDouble(ClientSample::e2eMs).toArray());
        row(
                text,
                "sent late",
                ok.stream().mapToDouble(sample -> sample.lagNanos() / 1e6).toArray());
        long prompt = ok.stream()
                .mapToLong(sample -> Math.max(0, sample.promptTokens()))
                .sum();
        long cached = ok.stream()
                .mapToLong(sample -> Math.max(0, sample.cachedTokens()))
                .sum();
        return text.append(String.format(
                        Locale.ROOT,
                        "prefix hit %.1f %% of %d prompt tokens%n",
                        prompt == 0 ? 0 : 100.0 * cached / prompt,
                        prompt))
                .toString();
    }

    private static void row(StringBuilder text, String name, double[] values) {
        Distribution all = new Distribution(values);
        text.append(String.format(
                Locale.ROOT,
                "%-9s mean %9.2f  p50 %9.2f  p90 %9.2f  p99 %9.2f ms%n",
                name,
                all.mean(),
                all.quantile(0.5),
                all.quantile(0.9),
                all.quantile(0.99)));
    }
}
