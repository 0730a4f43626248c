package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.console.Routers;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store's console shows of a router is what a real one says on its metrics port. */
class ConsoleReadsRouterTest {
    @TempDir
    Path directory;

    @Test
    void theConsoleReadsARealRoutersPages() throws Exception {
        Path slo = Files.writeString(directory.resolve("slo.yaml"), """
                apiVersion: presage.dev/v1alpha1
                kind: LatencySLO
                metadata: {name: strict}
                spec: {selector: {model: m}, targets: {ttft: {ms: 0.1}}, objective: 99}
                """);
        try (LiveRouter router = LiveRouter.start(
                        directory,
                        List.of(EngineStub.serving(0, 0, 0.1)),
                        "--slo-file=" + slo,
                        "--metrics-endpoint-auth=false");
                Routers console = new Routers(
                        List.of(URI.create("http://127.0.0.1:" + router.metricsPort())), Optional.empty())) {
            served(router);
            Routers.RouterState state = known(console);
            assertEquals("", state.problem());
            assertEquals(1, state.endpoints());
            assertEquals("", state.bundle(), "it has no model");
            Routers.Objective strict = state.objectives().getFirst();
            assertEquals("strict", strict.name());
            assertEquals(0.1, strict.ttftMs());
            assertEquals(0.99, strict.objective(), 1e-9);
            assertEquals(1, strict.bad());
            assertEquals(
                    List.of("5m", "30m", "1h", "2h", "6h", "1d", "3d"),
                    strict.burns().stream().map(Routers.Burn::window).toList());
            assertTrue(state.spent().prefillMs() != null && state.spent().prefillMs() > 0, state.toString());
        }
    }

    private static Routers.RouterState known(Routers console) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        Routers.RouterState state = console.look().getFirst();
        while (state.objectives().isEmpty() || state.objectives().getFirst().requests() == 0) {
            assertTrue(System.nanoTime() < deadline, "never counted: " + state);
            LockSupport.parkNanos(10_000_000);
            state = console.look().getFirst();
        }
        return state;
    }

    private static void served(LiveRouter router) throws InterruptedException {
        router.open()
                .requestHeaders(false, ":path", "/v1/chat/completions", ":method", "POST")
                .requestBody(
                        "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", true)
                .responseHeaders(false, ":status", "200", "content-type", "text/event-stream")
                .responseBody("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n", false)
                .responseBody("data: [DONE]\n\n", true)
                .answers(5);
    }
}
