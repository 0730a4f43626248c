package dev.presage.testbed.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.presage.router.fleet.Endpoint;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.gateway.Gateway;
import dev.presage.testbed.gateway.Gateways;
import dev.presage.testbed.gateway.Lane;
import dev.presage.testbed.load.ClientSample;
import dev.presage.testbed.load.LoadPlan;
import dev.presage.testbed.load.LoadTarget;
import dev.presage.testbed.load.OpenLoopLoad;
import dev.presage.testbed.load.PlannedRequest;
import dev.presage.testbed.trace.TraceRequest;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of eight replicas is killed and comes back while 25 streamed requests a second go through real Envoy, in its plain
 * configuration without retries, and a real {@code presage epp}.
 */
class FailoverIT {
    private static final Logger LOG = LoggerFactory.getLogger(FailoverIT.class);
    private static final String MODEL = ReplicaSet.MODEL;
    private static final String PROFILE = "h100-llama-2-70b-hf-tp8";
    private static final int OTHERS = 7;
    private static final long GAP_NANOS = 40_000_000;
    private static final Pattern GENERATED =
            Pattern.compile("^vllm:generation_tokens_total\\S* ([0-9.E]+)", Pattern.MULTILINE);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<ClientSample> answers = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile long killedNanos;

    @Test
    void aKilledReplicaCostsAtMostTwoRequestsAndIsUsedAgainWhenItIsBack() throws Exception {
        int victimPort = freePort();
        int routerPort = freePort();
        int metricsPort = freePort();
        try (ReplicaSet others = ReplicaSet.start(Collections.nCopies(OTHERS, EngineProfile.named(PROFILE)), 1);
                PresageProcess victim = PresageProcess.start(
                        data, "engine", "--port", "" + victimPort, "--model", MODEL, "--profile", PROFILE);
                PresageProcess router = PresageProcess.start(
                        data,
                        "epp",
                        "--bind-address=127.0.0.1",
                        "--grpc-port=" + routerPort,
                        "--grpc-health-port=0",
                        "--metrics-port=" + metricsPort,
                        "--secure-serving=false",
                        "--data-dir=" + data.resolve("epp"),
                        "--endpoints-file=" + endpointsFile(others, victimPort));
                Gateway gateway = Gateways.open(List.of(new Lane("failover", routerPort)), null, false, false);
                OpenLoopLoad load = new OpenLoopLoad(
                        List.of(new LoadTarget("failover", gateway.baseUrl("failover"))),
                        MODEL,
                        500,
                        this::answered,
                        System::nanoTime)) {
            assumeTrue(gateway.description().startsWith("Envoy"), "no Envoy here");
            await("the replica", () -> generated(victimPort) >= 0);
            await("the router", () -> router.log().contains("serving ext_proc"));

            Thread sender = Thread.ofPlatform().name("failover-load").daemon().start(() -> load.run(plan()));
            await("traffic on the replica", () -> generated(victimPort) > 100);
            await("a machine that keeps up", () -> load.inFlight("failover") <= 6);
            int before = failures.size();
            killedNanos = System.nanoTime();
            victim.kill();
            int killedAt = answers.size();
            await("six seconds of traffic without it", () -> answers.size() >= killedAt + 150);
            int failed = failures.size() - before;
            victim.startAgain();
            await("the replica again", () -> generated(victimPort) >= 0);
            long back = System.nanoTime();
            await("traffic on it again", () -> generated(victimPort) > 0);
            double usedAfter = (System.nanoTime() - back) / 1e9;
            load.stop();
            sender.join();
            assertTrue(load.drain(Duration.ofMinutes(1)), "requests without an end");
            LOG.info("{} failed, used again after {} s", failed, usedAfter);

            assertEquals(0, before, "before the kill: " + failures);
            assertTrue(failures.size() <= 2, String.join("\n", failures) + "\n" + router.log());
            // The target is 5 s; a crowded machine may take longer to start a JVM's first requests.
            assertTrue(usedAfter < 30, "used again " + usedAfter + " s after it was back");
            String page = page(metricsPort);
            assertTrue(page.contains("presage_ejections_total{cause=\"refused\"} 1"), page);
            assertTrue(page.contains("presage_readmissions_total 1"), page);
        }
    }

    private void answered(ClientSample answer) {
        answers.add(answer);
        if (!answer.ok()) {
            failures.add("request %d, status %d, %d ms after it was due, %d ms after the kill: %s"
                    .formatted(
                            answer.index(),
                            answer.status(),
                            answer.endNanos() / 1_000_000,
                            (System.nanoTime() - killedNanos) / 1_000_000,
                            answer.failure()));
        }
    }

    /** Ten minutes at most: prompts of some 200 tokens, eight tokens back. */
    private static LoadPlan plan() {
        List<PlannedRequest> requests = new ArrayList<>();
        for (int i = 0; i < 15_000; i++) {
            TraceRequest request = new TraceRequest(i, i * GAP_NANOS / 1e6, 100 + i % 200, 8, new long[] {i});
            requests.add(new PlannedRequest(i, i * GAP_NANOS, request));
        }
        return new LoadPlan(requests);
    }

    private Path endpointsFile(ReplicaSet others, int victimPort) throws IOException {
        StringBuilder file = new StringBuilder("endpoints:\n");
        List<Endpoint> endpoints = others.endpoints();
        for (int i = 0; i < OTHERS; i++) {
            file.append("- {name: e%d, address: 127.0.0.1, port: \"%d\"}%n"
                    .formatted(i, endpoints.get(i).port()));
        }
        file.append("- {name: victim, address: 127.0.0.1, port: \"%d\"}%n".formatted(victimPort));
        return Files.writeString(data.resolve("endpoints.yaml"), file);
    }

    /** Tokens that the engine generated since it started; -1 when it does not answer. */
    private double generated(int port) {
        Matcher line = GENERATED.matcher(page(port));
        return line.find() ? Double.parseDouble(line.group(1)) : -1;
    }

    private String page(int port) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(condition::getAsBoolean);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
