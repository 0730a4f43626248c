package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.presage.router.discovery.kubernetes.ApiServer;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Latency targets and flow control together, in a running router: what waits, what is turned away, and who makes room. */
class SloFlowTest {
    private static final int FULL = 99;
    private static final String BODY = "{\"model\":\"m\",\"stream\":true,\"prompt\":\"hello\"}";
    private static final String EVENT = "data: {\"choices\":[{\"text\":\"x\"}]}\n\n";

    @TempDir
    Path directory = Path.of(".");

    @Test
    void timeInTheQueueIsTimeToTheFirstToken() throws Exception {
        try (LiveRouter router = queueing("defaultRequestTTL: 5m", 150)) {
            LiveRouter.Stream waits = completion(router);
            // Each look of the router at the page takes its interval, 100 ms.
            router.engine(0).says(FULL, 0.1);
            router.engine(0).says(FULL, 0.2);
            assertFalse(waits.answered());
            router.engine(0).says(0, 0.1);
            assertEquals(router.engine(0).address(), ContractCasesTest.destination(waits.answer()));
            assertTrue(waits.answer().hasRequestBody());
            waits.responseHeaders(false, ":status", "200", "content-type", "text/event-stream")
                    .responseBody(EVENT, false)
                    .responseBody("data: [DONE]\n\n", true)
                    .answers(3);
            until(() -> page(router.metricsPort()).contains("presage_slo_requests_total{slo=\"chat\"} 1.0"));
            assertTrue(page(router.metricsPort()).contains("presage_slo_bad_requests_total{slo=\"chat\"} 1.0"));
        }
    }

    @Test
    void whoIsTurnedAwayHasMissedItsTarget() throws Exception {
        try (LiveRouter router = queueing("defaultPriorityBand: {maxRequests: 1}", 600_000)) {
            LiveRouter.Stream waits = completion(router);
            router.engine(0).says(FULL, 0.1);
            ImmediateResponse refusal = completion(router).answers(1).getFirst().getImmediateResponse();
            assertEquals(429, refusal.getStatus().getCodeValue());
            until(() -> page(router.metricsPort()).contains("presage_slo_bad_requests_total{slo=\"chat\"} 1.0"));
            waits.cancel();
        }
    }

    @Test
    void aViolatedSloShedsLowerPrioritiesUntilItIsToldNotTo() throws Exception {
        Path slos = Files.writeString(directory.resolve("slo.yaml"), critical("ShedLowerPriority"));
        Path config = Files.writeString(directory.resolve("config.yaml"), """
                apiVersion: llm-d.ai/v1alpha1
                kind: EndpointPickerConfig
                featureGates: [flowControl]
                plugins: [{type: concurrency-detector, parameters: {maxConcurrency: 1000}}]
                flowControl: {saturationDetector: {pluginRef: concurrency-detector}}
                """);
        try (ApiServer server = new ApiServer()) {
            server.servePools().serveRules().pool("{app: llm}", 8000).pod("a", "10.0.0.1");
            server.objective("critical", 5).objective("bulk", 1);
            Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: here, cluster: {server: "http://127.0.0.1:%d"}}]
                    users: [{name: me, user: {token: secret}}]
                    contexts: [{name: here, context: {cluster: here, user: me}}]
                    current-context: here
                    """.formatted(server.port()));
            EppServerTest.Flags flags = EppServerTest.Flags.of(
                    "--kubeconfig=" + kubeconfig,
                    "--pool-namespace=" + ApiServer.NAMESPACE,
                    "--pool-name=chat",
                    "--metrics-endpoint-auth=false",
                    "--config-file=" + config,
                    "--slo-file=" + slos,
                    "--data-dir=" + directory);
            try (EppServer router = EppServer.start(flags.serving, flags.fleet, flags.observe)) {
                until(() -> EppServerTest.health(router, "") == ServingStatus.SERVING);
                assertTrue(ask(router, "bulk").hasRequestHeaders(), "nothing is violated yet");
                for (int i = 0; i < 3; i++) {
                    streamed(router, "critical");
                }
                // The verdict is renewed every second.
                until(() -> ask(router, "bulk").hasImmediateResponse());
                ImmediateResponse shed = ask(router, "bulk").getImmediateResponse();
                assertEquals(429, shed.getStatus().getCodeValue());
                assertEquals(
                        "inference error: ResourceExhausted - "
                                + "LatencySLO critical is violated, request of lower priority dropped",
                        shed.getBody().toStringUtf8());
                assertEquals(
                        "rejected-saturated",
                        ContractCasesTest.set(shed.getHeaders().getSetHeadersList())
                                .get("x-llm-d-request-dropped-reason"));
                assertTrue(ask(router, "critical").hasRequestHeaders(), "the priority of the SLO goes on");
                Files.move(
                        Files.writeString(directory.resolve("next"), critical("Prefer")),
                        slos,
                        StandardCopyOption.ATOMIC_MOVE);
                until(() -> ask(router, "bulk").hasRequestHeaders());
            }
        }
    }

    /** A target that nobody keeps. */
    private static String critical(String onViolation) {
        return """
                apiVersion: presage.dev/v1alpha1
                kind: LatencySLO
                metadata: {name: critical}
                spec:
                  selector: {objective: critical}
                  targets: {ttft: {ms: 0.1}}
                  objective: 50
                  minimumRequests: 3
                  onViolation: %s
                """.formatted(onViolation);
    }

    private LiveRouter queueing(String flowControl, double ttftMs) throws Exception {
        Path slos = Files.writeString(directory.resolve("slo.yaml"), """
                apiVersion: presage.dev/v1alpha1
                kind: LatencySLO
                metadata: {name: chat}
                spec: {selector: {model: m}, targets: {ttft: {ms: %s}}, objective: 99}
                """.formatted(ttftMs));
        LiveRouter router = LiveRouter.configured(
                "featureGates: [flowControl]\nflowControl: {" + flowControl + "}\n",
                directory,
                List.of(EngineStub.serving(0, FULL, 0.1)),
                "--slo-file=" + slos);
        // On a connection that is open, streams arrive in the order in which they are begun.
        router.open().requestHeaders(true, ":path", "/v1/models").answers(1);
        return router;
    }

    private static LiveRouter.Stream completion(LiveRouter router) {
        return router.open()
                .requestHeaders(false, ":path", "/v1/completions", "content-type", "application/json")
                .requestBody(BODY, true);
    }

    private static ProcessingRequest[] messages(String objective) {
        return new ProcessingRequest[] {
            EppServerTest.headers(false, ":path", "/v1/completions", "x-llm-d-inference-objective", objective),
            requestBody(),
            ProcessingRequest.newBuilder()
                    .setResponseHeaders(HttpHeaders.newBuilder()
                            .setHeaders(
                                    EppServerTest.headers(false, ":status", "200", "content-type", "text/event-stream")
                                            .getRequestHeaders()
                                            .getHeaders()))
                    .build(),
            responseBody(EVENT, false),
            responseBody("data: [DONE]\n\n", true)
        };
    }

    private static ProcessingRequest requestBody() {
        return ProcessingRequest.newBuilder()
                .setRequestBody(HttpBody.newBuilder()
                        .setBody(ByteString.copyFromUtf8(BODY))
                        .setEndOfStream(true))
                .build();
    }

    private static ProcessingRequest responseBody(String text, boolean end) {
        return ProcessingRequest.newBuilder()
                .setResponseBody(HttpBody.newBuilder()
                        .setBody(ByteString.copyFromUtf8(text))
                        .setEndOfStream(end))
                .build();
    }

    /** The first answer to a request. */
    private static ProcessingResponse ask(EppServer router, String objective) {
        try {
            ProcessingRequest[] all = messages(objective);
            return EppServerTest.answers(router, 1, all[0], all[1]).getFirst();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A request with its whole reply. */
    private static void streamed(EppServer router, String objective) throws Exception {
        EppServerTest.answers(router, 5, messages(objective));
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not within 30 s");
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static String page(int port) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI page = URI.create("http://127.0.0.1:" + port + "/metrics");
            return client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
