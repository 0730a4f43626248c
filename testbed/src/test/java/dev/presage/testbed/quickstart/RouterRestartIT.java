package dev.presage.testbed.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.fleet.Endpoint;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.load.ClientSample;
import dev.presage.testbed.load.LoadPlan;
import dev.presage.testbed.load.LoadTarget;
import dev.presage.testbed.load.OpenLoopLoad;
import dev.presage.testbed.load.PlannedRequest;
import dev.presage.testbed.trace.TraceRequest;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two routers behind the Envoy of {@code deploy/examples/envoy-two-routers.yaml}, over TLS: both are restarted one after the other
 * under load, then one is killed.
 */
class RouterRestartIT {
    private static final Logger LOG = LoggerFactory.getLogger(RouterRestartIT.class);
    private static final String PROFILE = "h100-llama-2-70b-hf-tp8";
    private static final long GAP_NANOS = 50_000_000;
    /** Envoy's time to do without a router that died. */
    private static final long RECOVERED_NANOS = 1_000_000_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    private final Queue<Seen> answers = new ConcurrentLinkedQueue<>();
    private final int door = freePort();

    /** An answer and when it ended. */
    private record Seen(ClientSample answer, long endedNanos) {
        boolean failed() {
            return !answer.ok();
        }

        long dueNanos() {
            return endedNanos - answer.endNanos();
        }
    }

    @Test
    void aRollingRestartFailsNothingAndAKillOnlyWhatTheRouterHad() throws Exception {
        try (ReplicaSet replicas = ReplicaSet.start(Collections.nCopies(4, EngineProfile.named(PROFILE)), 1)) {
            Path endpoints = endpointsFile(replicas);
            int[] ports = {freePort(), freePort(), freePort(), freePort()};
            try (PresageProcess first = router("first", endpoints, ports[0], ports[1]);
                    PresageProcess second = router("second", endpoints, ports[2], ports[3]);
                    OpenLoopLoad load = new OpenLoopLoad(
                            List.of(new LoadTarget("door", URI.create("http://127.0.0.1:" + door))),
                            ReplicaSet.MODEL,
                            500,
                            answer -> answers.add(new Seen(answer, System.nanoTime())),
                            System::nanoTime)) {
                Map<Integer, Integer> gatewayPorts = Map.of(
                        ExampleEnvoy.ADMIN,
                        freePort(),
                        ExampleEnvoy.DOOR,
                        door,
                        9002,
                        ports[0],
                        9003,
                        ports[1],
                        9012,
                        ports[2],
                        9013,
                        ports[3]);
                try (ExampleEnvoy gateway = ExampleEnvoy.start("envoy-two-routers.yaml", gatewayPorts, data)) {
                    await("both routers", () -> gateway.healthyRouters() == 2);
                    Thread sender =
                            Thread.ofPlatform().name("restart-load").daemon().start(() -> load.run(plan()));
                    await("traffic", () -> answers.size() >= 40);

                    for (PresageProcess router : List.of(first, second)) {
                        router.terminate();
                        int before = answers.size();
                        await("traffic through the other", () -> answers.size() >= before + 20);
                        router.startAgain();
                        await("both routers again", () -> gateway.healthyRouters() == 2);
                    }
                    assertEquals(List.of(), failures(), () -> first.log() + second.log());

                    int underWay = load.inFlight("door");
                    long killed = System.nanoTime();
                    first.kill();
                    int before = answers.size();
                    await(
                            "three seconds of traffic through the one left",
                            () -> answers.size() >= before + underWay + 60);
                    load.stop();
                    sender.join();
                    assertTrue(load.drain(Duration.ofMinutes(1)), "requests without an end");
                    List<Seen> later = failures().stream()
                            .filter(failure -> failure.dueNanos() > killed)
                            .toList();
                    LOG.info(
                            "no request of {} failed at the restarts; at the kill {} of {} under way and {} that came"
                                    + " after it, the last failure was {} ms after the kill",
                            before,
                            failures().size() - later.size(),
                            underWay,
                            later.size(),
                            failures().stream()
                                    .mapToLong(failure -> (failure.endedNanos() - killed) / 1_000_000)
                                    .max()
                                    .orElse(0));
                    // Envoy has one worker: one more finds the refused connection, and one that was being sent
                    // meanwhile.
                    assertTrue(failures().size() <= underWay + 2, failures().toString());
                    assertTrue(
                            later.stream().allMatch(failure -> failure.dueNanos() < killed + RECOVERED_NANOS),
                            later.toString());
                }
            }
        }
    }

    private List<Seen> failures() {
        return answers.stream().filter(Seen::failed).toList();
    }

    private PresageProcess router(String name, Path endpoints, int port, int health) throws IOException {
        Path own = Files.createDirectory(data.resolve(name));
        return PresageProcess.start(
                own,
                "epp",
                "--bind-address=127.0.0.1",
                "--grpc-port=" + port,
                "--grpc-health-port=" + health,
                "--metrics-port=0",
                "--drain-timeout=5s",
                "--data-dir=" + own,
                "--endpoints-file=" + endpoints);
    }

    private static LoadPlan plan() {
        List<PlannedRequest> requests = new ArrayList<>();
        for (int i = 0; i < 12_000; i++) {
            TraceRequest request = new TraceRequest(i, i * GAP_NANOS / 1e6, 100 + i % 200, 8, new long[] {i});
            requests.add(new PlannedRequest(i, i * GAP_NANOS, request));
        }
        return new LoadPlan(requests);
    }

    private Path endpointsFile(ReplicaSet replicas) throws IOException {
        StringBuilder file = new StringBuilder("endpoints:\n");
        for (Endpoint endpoint : replicas.endpoints()) {
            file.append(
                    "- {name: e%d, address: 127.0.0.1, port: \"%d\"}%n".formatted(endpoint.port(), endpoint.port()));
        }
        return Files.writeString(data.resolve("endpoints.yaml"), file);
    }

    private static void await(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(condition::getAsBoolean);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
