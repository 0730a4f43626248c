package dev.presage.testbed.bench;

import dev.presage.cli.Presage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A running server and the client that loads it: the router or the floor. */
final class ServerUnderTest implements AutoCloseable {
    static final String PRESAGE = "presage";
    static final String FLOOR = "floor";

    private final String name;
    private final int endpoints;
    private final ServerProcess process;
    private final ProcessorClient client;
    private final @Nullable DecisionCounters counters;
    private final LongSupplier nanoClock;
    private final RandomGenerator random;

    private ServerUnderTest(
            String name,
            int endpoints,
            ServerProcess process,
            ProcessorClient client,
            @Nullable DecisionCounters counters,
            LongSupplier nanoClock,
            RandomGenerator random) {
        this.name = name;
        this.endpoints = endpoints;
        this.process = process;
        this.client = client;
        this.counters = counters;
        this.nanoClock = nanoClock;
        this.random = random;
    }

    /** The router as {@code presage epp} starts it, with nothing around it but endpoints and a store's directory. */
    static ServerUnderTest router(
            Path directory,
            Path store,
            EnginePages engines,
            BenchPlan plan,
            List<String> jvmFlags,
            LongSupplier nanoClock,
            RandomGenerator random)
            throws IOException {
        List<Integer> ports = engines.ports();
        int metricsPort = freePort();
        Path file = directory.resolve("endpoints-" + ports.size() + ".yaml");
        Files.writeString(file, endpointsFile(ports));
        List<String> arguments = new ArrayList<>(List.of(
                "epp",
                "--bind-address=127.0.0.1",
                "--grpc-port=0",
                "--grpc-health-port=0",
                "--metrics-port=" + metricsPort,
                "--drain-timeout=0s",
                "--pool-name=" + BenchModel.POOL,
                "--secure-serving=" + plan.tls(),
                "--endpoints-file=" + file,
                "--data-dir=" + directory.resolve("epp-" + ports.size())));
        if (plan.prediction()) {
            arguments.add("--model-store=" + store);
        }
        ServerProcess process = ServerProcess.start(
                directory.resolve("router-" + ports.size() + ".log"), jvmFlags, Presage.class.getName(), arguments);
        ProcessorClient client = new ProcessorClient(process.processorPort(), plan.tls(), plan.connections());
        DecisionCounters counters = new DecisionCounters(metricsPort);
        return new ServerUnderTest(PRESAGE, ports.size(), process, client, counters, nanoClock, random);
    }

    /** A server that decides nothing, in plaintext. */
    static ServerUnderTest floor(
            Path directory, BenchPlan plan, List<String> jvmFlags, LongSupplier nanoClock, RandomGenerator random)
            throws IOException {
        ServerProcess process =
                ServerProcess.start(directory.resolve("floor.log"), jvmFlags, NullProcessor.class.getName(), List.of());
        ProcessorClient client = new ProcessorClient(process.processorPort(), false, plan.connections());
        return new ServerUnderTest(FLOOR, 0, process, client, null, nanoClock, random);
    }

    /** The router does not say which port it took for its metrics, so it is told one. */
    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static String endpointsFile(List<Integer> ports) {
        StringBuilder yaml = new StringBuilder("endpoints:\n");
        for (int i = 0; i < ports.size(); i++) {
            String kind = SyntheticSamples.CLASSES[i % SyntheticSamples.CLASSES.length];
            yaml.append("- {name: e")
                    .append(i)
                    .append(", address: 127.0.0.1, port: \"")
                    .append(ports.get(i));
            yaml.append("\", labels: {presage.dev/class: ").append(kind).append("}}\n");
        }
        return yaml.toString();
    }

    String name() {
        return name;
    }

    int endpoints() {
        return endpoints;
    }

    /** Loads the server for a while and reads what it cost. */
    Measurement measure(int bodyBytes, LoadShape shape, Duration window) throws InterruptedException {
        ProcessorTime before = ProcessorTime.read(process.handle());
        LoadCount count = load(bodyBytes, shape, window);
        ProcessorTime took = ProcessorTime.read(process.handle()).since(before);
        return new Measurement(
                count.latency().getTotalCount(),
                count.errors(),
                count.seconds(),
                Measurement.Latency.of(count.latency()),
                took.server(),
                took.others() / count.seconds());
    }

    private LoadCount load(int bodyBytes, LoadShape shape, Duration window) throws InterruptedException {
        var headers = EnvoyMessages.requestHeaders(bodyBytes);
        return switch (shape) {
            case LoadShape.Closed(int concurrency) ->
                new ClosedLoop(client, new Prompts(bodyBytes, false, random.nextLong()), headers, nanoClock)
                        .run(concurrency, window);
            case LoadShape.Open(int perSecond) ->
                new OpenLoop(client, new Prompts(bodyBytes, true, random.nextLong()), headers, nanoClock)
                        .run(new ArrivalSchedule(perSecond, random), window);
        };
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
        process.close();
    }
}
