package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of SLOs, requests over the wire, and what the metrics port says of them. */
class SloFileRouterTest {
    private static final String CHUNK = """
            data: {"choices":[{"index":0,"delta":{"content":"x"}}]}

            """;

    @TempDir
    Path directory;

    @Test
    void requestsAreHeldAgainstTheSloOfTheFileAndABadFileChangesNothing() throws Exception {
        Path file = Files.writeString(
                directory.resolve("slo.yaml"),
                slo("chat", "{model: m}", 600_000) + "---\n" + slo("strict", "{tenant: acme}", 0.1));
        try (LiveRouter router = LiveRouter.start(
                directory,
                List.of(EngineStub.serving(0, 0, 0.1)),
                "--slo-file=" + file,
                "--metrics-endpoint-auth=false")) {
            served(router);
            served(router, "x-llm-d-inference-fairness-id", "acme");
            until(router, "presage_slo_bad_requests_total{slo=\"strict\"} 1.0");
            String page = get(router, "/metrics");
            assertTrue(page.contains("presage_slo_requests_total{slo=\"chat\"} 1.0"), page);
            assertTrue(page.contains("presage_slo_bad_requests_total{slo=\"chat\"} 0.0"), page);
            assertTrue(
                    page.contains(
                            "presage_slo_target_requests_total{result=\"over\",slo=\"strict\",target=\"ttft\"} 1.0"),
                    page);
            assertTrue(page.contains("presage_slo_error_budget_remaining_ratio{slo=\"chat\"} 1.0"), page);
            assertTrue(get(router, "/debug/slo?name=strict").contains("\"bad\" : 1"));

            replace(file, slo("chat", "{model: m}", 0));
            until(router, "presage_slo_loads_total{result=\"rejected\"} 1.0");
            replace(file, slo("one", "{model: m}", 1) + "---\n" + slo("two", "{model: m}", 1));
            until(router, "presage_slo_loads_total{result=\"rejected\"} 2.0");
            assertTrue(get(router, "/metrics").contains("presage_slo_requests_total{slo=\"chat\"} 1.0"));

            replace(file, slo("chat", "{model: m}", 600_000));
            until(router, "presage_slos 1.0");
            assertTrue(
                    get(router, "/metrics").contains("presage_slo_requests_total{slo=\"chat\"} 1.0"),
                    "an SLO that is as before keeps its books");
        }
    }

    private static void served(LiveRouter router, String... headers) throws InterruptedException {
        String[] all = new String[headers.length + 4];
        System.arraycopy(new String[] {":path", "/v1/chat/completions", ":method", "POST"}, 0, all, 0, 4);
        System.arraycopy(headers, 0, all, 4, headers.length);
        router.open()
                .requestHeaders(false, all)
                .requestBody(
                        "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", true)
                .responseHeaders(false, ":status", "200", "content-type", "text/event-stream")
                .responseBody(CHUNK, false)
                .responseBody("data: [DONE]\n\n", true)
                .answers(5);
    }

    private static String slo(String name, String selector, double ttftMs) {
        return """
                apiVersion: presage.dev/v1alpha1
                kind: LatencySLO
                metadata: {name: %s}
                spec: {selector: %s, targets: {ttft: {ms: %s}}, objective: 99}
                """.formatted(name, selector, ttftMs);
    }

    private void replace(Path file, String text) throws IOException {
        Files.move(Files.writeString(directory.resolve("next"), text), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void until(LiveRouter router, String line) throws Exception {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!get(router, "/metrics").contains(line)) {
            assertTrue(System.nanoTime() < deadline, () -> "never: " + line);
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static String get(LiveRouter router, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + router.metricsPort() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, response.statusCode());
            return response.body();
        }
    }
}
