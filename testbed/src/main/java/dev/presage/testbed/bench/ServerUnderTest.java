package dev.presage.testbed.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A running server, or Envoy in front of one, and the client that loads it. */
final class ServerUnderTest implements AutoCloseable {
    /** The router of this build. */
    static final String PRESAGE = "presage";
    /** The router of another one. */
    static final String AGAINST = "against";
    /** A server that decides nothing. */
    static final String FLOOR = "floor";
    /** Envoy that asks nobody. */
    static final String ALONE = "envoy";

    private final String name;
    private final @Nullable ServerProcess process;
    private final LoadClient client;
    private final @Nullable DecisionCounters counters;

    /**
     * Takes them over.
     *
     * @param process null when nobody's processor time is asked for
     * @param counters null for a server that has none
     */
    ServerUnderTest(
            String name, @Nullable ServerProcess process, LoadClient client, @Nullable DecisionCounters counters) {
        this.name = name;
        this.process = process;
        this.client = client;
        this.counters = counters;
    }

    String name() {
        return name;
    }

    /** Loads the server for a while and reads what it cost. */
    Measurement measure(int bodyBytes, LoadShape shape, Duration window) throws InterruptedException {
        Optional<ProcessHandle> server = Optional.ofNullable(process).map(ServerProcess::handle);
        ProcessorTime before = ProcessorTime.read(server);
        LoadCount count = client.run(bodyBytes, shape, window);
        ProcessorTime took = ProcessorTime.read(server).since(before);
        return new Measurement(
                count.latency().getTotalCount(),
                count.errors(),
                count.seconds(),
                Measurement.Latency.of(count.latency()),
                server.isPresent() ? took.server() : Double.NaN,
                server.map(ServerUnderTest::residentMb).orElse(Double.NaN),
                took.others() / count.seconds());
    }

    private static double residentMb(ProcessHandle server) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + server.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1_024)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException | UncheckedIOException e) {
            return Double.NaN;
        }
    }

    /** Whether it predicts, and so counts who decided. */
    boolean isRouter() {
        return counters != null;
    }

    /** Decisions per policy and reason so far; none for the floor. */
    Map<String, Long> decidedBy() throws IOException, InterruptedException {
        return counters == null ? Map.of() : counters.read();
    }

    @Override
    public void close() {
        client.close();
        if (counters != null) {
            counters.close();
        }
        if (process != null) {
            process.close();
        }
    }
}
