package dev.presage.testbed.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Starts a router with TLS, a fleet and a model in its store, and asks it at once: for any destination, then for one that the model
 * chose. One at a time, on the caller's thread.
 */
final class ColdStart {
    private static final int BODY = 4_096;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<String> launcher;
    private final Path directory;
    private final EnginePages engines;
    private final LongSupplier nanoClock;
    private final Prompts prompts = new Prompts(BODY, true, 1);

    /**
     * @param launcher what {@code epp} and its flags are appended to
     * @param directory holds the store; the router sees it under the same name
     */
    ColdStart(List<String> launcher, Path directory, EnginePages engines, LongSupplier nanoClock) {
        this.launcher = List.copyOf(launcher);
        this.directory = directory;
        this.engines = engines;
        this.nanoClock = nanoClock;
    }

    /** Where the model must lie. */
    static Path store(Path directory) {
        return directory.resolve("store");
    }

    /** @param number makes the router's own directory a new one */
    StartTime measure(int number) throws IOException, InterruptedException {
        // The router may run as somebody else.
        Path data = Files.createDirectory(directory.resolve("data-" + number));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path endpoints = Files.writeString(directory.resolve("endpoints.yaml"), engines.endpointsFile());
        int metricsPort = freePort();
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(
                "epp",
                "--bind-address=127.0.0.1",
                "--grpc-port=0",
                "--grpc-health-port=0",
                "--metrics-port=" + metricsPort,
                "--drain-timeout=0s",
                "--last-streams-timeout=0s",
                "--pool-name=" + BenchModel.POOL,
                "--endpoints-file=" + endpoints,
                "--model-store=" + store(directory),
                "--data-dir=" + data));
        long began = nanoClock.getAsLong();
        try (ServerProcess router = ServerProcess.start(directory.resolve("router-" + number + ".log"), command);
                ProcessorClient client = new ProcessorClient(router.processorPort(), true, 1);
                DecisionCounters counters = new DecisionCounters(metricsPort)) {
            double routed = until(began, () -> isRouted(client));
            double learned = until(began, () -> isRouted(client) && hasLearned(counters));
            return new StartTime(routed, learned);
        }
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private double until(long began, Condition condition) throws IOException, InterruptedException {
        while (!condition.holds()) {
            if (nanoClock.getAsLong() - began > PATIENCE.toNanos()) {
                throw new IllegalStateException("no such answer within " + PATIENCE + ": see the logs in " + directory);
            }
        }
        return (nanoClock.getAsLong() - began) / 1e9;
    }

    private boolean isRouted(ProcessorClient client) throws InterruptedException {
        CompletableFuture<Boolean> routed = new CompletableFuture<>();
        new DecisionCall(nanoClock, ProcessorClient.atOnce(), EnvoyMessages.plainReply(), new DecisionCall.Listener() {
                    @Override
                    public void decided(long sentNanos, long atNanos) {
                        routed.complete(true);
                    }

                    @Override
                    public void ended(boolean failed) {
                        routed.complete(false);
                    }
                })
                .start(client.stub(0), EnvoyMessages.requestHeaders(BODY), prompts.next());
        try {
            return routed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the router does not answer: see the logs in " + directory, e);
        }
    }

    private static boolean hasLearned(DecisionCounters counters) throws IOException, InterruptedException {
        Map<String, Long> decided = counters.read();
        return decided.getOrDefault("learned", 0L) > 0;
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
