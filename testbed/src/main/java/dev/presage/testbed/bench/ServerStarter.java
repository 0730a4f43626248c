package dev.presage.testbed.bench;

import dev.presage.cli.Presage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts the servers of one run; whoever asks for one closes it. Files go below one directory. */
final class ServerStarter {
    private static final List<String> MODULES =
            List.of("feature-pipeline", "model-store", "trainer", "router", "testbed");

    private final BenchPlan plan;
    private final Path directory;
    private final List<String> jvmFlags;
    private final LongSupplier nanoClock;
    private final RandomGenerator random;

    ServerStarter(
            BenchPlan plan, Path directory, List<String> jvmFlags, LongSupplier nanoClock, RandomGenerator random) {
        this.plan = plan;
        this.directory = directory;
        this.jvmFlags = jvmFlags;
        this.nanoClock = nanoClock;
        this.random = random;
    }

    /** Where the model is published and routers look for it. */
    Path store() {
        return directory.resolve("store");
    }

    /** This build's router. */
    ServerUnderTest router(EnginePages engines) throws IOException {
        return router(ServerUnderTest.PRESAGE, System.getProperty("java.class.path"), engines);
    }

    /** The router of another checkout that has been built. */
    ServerUnderTest routerOf(Path checkout, EnginePages engines) throws IOException {
        Path libraries = checkout.resolve("testbed/target/classpath.txt");
        String classes = MODULES.stream()
                .map(module ->
                        checkout.resolve(module).resolve("target/classes").toString())
                .collect(Collectors.joining(":"));
        return router(
                ServerUnderTest.AGAINST,
                classes + ":" + Files.readString(libraries).trim(),
                engines);
    }

    /** A server that decides nothing, in plaintext. */
    ServerUnderTest floor(EnginePages engines) throws IOException {
        ServerProcess process = ServerProcess.start(
                directory.resolve("floor.log"),
                System.getProperty("java.class.path"),
                jvmFlags,
                NullProcessor.class.getName(),
                engines.ports().stream().map(port -> "127.0.0.1:" + port).toList());
        return new ServerUnderTest(ServerUnderTest.FLOOR, process, client(process, false), null);
    }

    /** Envoy that asks nobody: its clients name the engines themselves. */
    ServerUnderTest alone(EnginePages engines) throws IOException {
        return new ServerUnderTest(
                ServerUnderTest.ALONE, null, HttpLoad.throughEnvoy(0, false, engines.ports(), nanoClock, random), null);
    }

    private LoadClient client(ServerProcess process, boolean tls) throws IOException {
        try {
            return plan.envoy()
                    ? HttpLoad.throughEnvoy(process.processorPort(), tls, List.of(), nanoClock, random)
                    : new ProcessorLoad(
                            new ProcessorClient(process.processorPort(), tls, plan.connections()), nanoClock, random);
        } catch (IOException e) {
            process.close();
            throw e;
        }
    }

    /** As {@code presage epp} runs, with nothing around it but engines and a store's directory. */
    private ServerUnderTest router(String name, String classPath, EnginePages engines) throws IOException {
        Path own = Files.createDirectories(
                directory.resolve(name + "-" + engines.ports().size()));
        Path endpoints = own.resolve("endpoints.yaml");
        Files.writeString(endpoints, engines.endpointsFile());
        int metricsPort = freePort();
        List<String> arguments = Stream.of(
                        "epp",
                        "--bind-address=127.0.0.1",
                        "--grpc-port=0",
                        "--grpc-health-port=0",
                        "--metrics-port=" + metricsPort,
                        "--drain-timeout=0s",
                        "--pool-name=" + BenchModel.POOL,
                        "--secure-serving=" + plan.tls(),
                        "--endpoints-file=" + endpoints,
                        "--data-dir=" + own.resolve("data"))
                .collect(Collectors.toCollection(ArrayList::new));
        if (plan.prediction()) {
            arguments.add("--model-store=" + store());
        }
        ServerProcess process =
                ServerProcess.start(own.resolve("router.log"), classPath, jvmFlags, Presage.class.getName(), arguments);
        return new ServerUnderTest(name, process, client(process, plan.tls()), new DecisionCounters(metricsPort));
    }

    /** The router does not say which port it took for its metrics, so it is told one. */
    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
