package dev.presage.router.envoy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.presage.router.EndpointPicker;
import dev.presage.router.epp.GatewayCertificate;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Ladder;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The router behind a real Envoy, in front of a small upstream; skipped where there is no Envoy. */
class EnvoyIT {
    private static final String DUPLEX = "FULL_DUPLEX_STREAMED";
    private static final String EVENTS =
            "data: {\"choices\":[{\"text\":\"a\"}]}\n\ndata: {\"choices\":[{\"text\":\"b\"}]}\n\n"
                    + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n";

    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Fleet fleet = new Fleet();

    @TempDir
    Path scratch = Path.of(".");

    private HttpClient client = HttpClient.newHttpClient();

    private HttpServer upstream = newUpstream();
    private Server router = newRouter();

    private record Received(String path, byte[] body, Map<String, List<String>> headers) {}

    private static HttpServer newUpstream() {
        try {
            return HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Server newRouter() {
        EndpointPicker picker = new EndpointPicker(
                fleet,
                new ApproximatePrefixIndex(1 << 20),
                Ladder.DEFAULT,
                List.of(new Recorder()),
                System::nanoTime,
                InstantSource.system(),
                () -> new Random(1),
                Duration.ofSeconds(2));
        ExtProcService service = new ExtProcService(
                picker, ExtProcSettings.DEFAULT, ExtProcListener.NONE, System::nanoTime, () -> UUID.randomUUID()
                        .toString());
        return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .directExecutor()
                .addService(service)
                .build();
    }

    @BeforeEach
    void start() throws IOException, GeneralSecurityException {
        client = HttpClient.newBuilder()
                .sslContext(GatewayCertificate.write(scratch))
                .build();
        upstream.setExecutor(threads);
        upstream.createContext("/", this::serve);
        upstream.start();
        router.start();
        fleet.replace(List.of(new Endpoint(
                "default/up-rank-0", "127.0.0.1", upstream.getAddress().getPort(), Map.of())));
    }

    @AfterEach
    void stop() {
        router.shutdownNow();
        upstream.stop(0);
        threads.shutdownNow();
        client.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP_2," + DUPLEX + "," + DUPLEX,
        "HTTP_1_1," + DUPLEX + "," + DUPLEX,
        "HTTP_1_1,BUFFERED,STREAMED",
        "HTTP_2,BUFFERED,BUFFERED"
    })
    void carriesRequestsAndReplies(Version version, String requestMode, String responseMode) throws Exception {
        Optional<Path> binary = EnvoyProcess.binary();
        assumeTrue(binary.isPresent(), "no Envoy: set -Denvoy.path or ENVOY_PATH");
        try (EnvoyProcess envoy =
                EnvoyProcess.start(binary.orElseThrow(), scratch, router.getPort(), requestMode, responseMode)) {
            document(envoy, version);
            events(envoy, version);
            longBody(envoy, version, requestMode.equals(DUPLEX));
            refusal(envoy, version);
            bodiless(envoy, version);
        }
    }

    private void document(EnvoyProcess envoy, Version version) throws Exception {
        String body = "{ \"model\" : \"m\",\"prompt\":\"h\u00e9llo\",\"n\":12345678901234567890}";
        HttpResponse<String> reply = post(envoy, version, "/v1/completions?doc", body);
        assertEquals(200, reply.statusCode());
        assertEquals(version, reply.version());
        assertEquals(
                "true", reply.headers().firstValue("x-went-into-resp-headers").orElse(""));
        assertEquals("{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}", reply.body());
        Received request = await(received);
        assertArrayEquals(body.getBytes(StandardCharsets.UTF_8), request.body());
        assertFalse(request.headers().containsKey("X-llm-d-inference-objective"), "system headers reach the backend");
        assertEquals(List.of("kept"), request.headers().get("X-custom"));
        assertTrue(request.headers().containsKey("X-request-id"));
        Outcome outcome = await(outcomes);
        assertEquals(EndCause.COMPLETED, outcome.cause());
        assertEquals(new Usage(3, -1, 2), outcome.usage());
    }

    private void events(EnvoyProcess envoy, Version version) throws Exception {
        HttpResponse<String> reply =
                post(envoy, version, "/v1/completions?sse", "{\"model\":\"m\",\"prompt\":\"x\",\"stream\":true}");
        assertEquals(EVENTS, reply.body());
        await(received);
        Outcome outcome = await(outcomes);
        assertEquals(EndCause.COMPLETED, outcome.cause());
        assertNotNull(outcome.ttftMs());
        assertEquals(2, outcome.usage().outputTokens());
    }

    private void longBody(EnvoyProcess envoy, Version version, boolean unbounded) throws Exception {
        int length = unbounded ? 5_000_000 : 500_000;
        String body = "{\"model\":\"m\",\"prompt\":\"" + "z".repeat(length) + "\"}";
        assertEquals(200, post(envoy, version, "/v1/completions?doc", body).statusCode());
        assertArrayEquals(body.getBytes(StandardCharsets.UTF_8), await(received).body());
        assertEquals(
                (length + 3) / 4,
                await(outcomes).decision().candidates().request().promptTokens());
    }

    private void refusal(EnvoyProcess envoy, Version version) throws Exception {
        HttpResponse<String> reply = post(envoy, version, "/v1/completions", "no healthy upstream");
        assertEquals(400, reply.statusCode());
        assertEquals(
                "inference error: BadRequest - error unmarshaling request bodyMap: "
                        + "invalid character 'o' in literal null (expecting 'u')",
                reply.body());
    }

    private void bodiless(EnvoyProcess envoy, Version version) throws Exception {
        HttpRequest get = HttpRequest.newBuilder(envoy.uri("/v1/models?doc"))
                .version(version)
                .build();
        assertEquals(200, client.send(get, BodyHandlers.ofString()).statusCode());
        assertEquals("/v1/models?doc", await(received).path());
        assertEquals(EndCause.COMPLETED, await(outcomes).cause());
    }

    private HttpResponse<String> post(EnvoyProcess envoy, Version version, String path, String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(envoy.uri(path))
                        .version(version)
                        .header("x-llm-d-inference-objective", "gold")
                        .header("x-custom", "kept")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().toString();
        received.add(new Received(path, body, Map.copyOf(exchange.getRequestHeaders())));
        boolean events = path.endsWith("sse");
        exchange.getResponseHeaders().add("content-type", events ? "text/event-stream" : "application/json");
        byte[] reply = (events ? EVENTS : "{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, events ? 0 : reply.length);
        try (var out = exchange.getResponseBody()) {
            for (int at = 0; at < reply.length; at += 40) {
                out.write(reply, at, Math.min(40, reply.length - at));
                out.flush();
            }
        }
    }

    private static <T> T await(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(30, TimeUnit.SECONDS);
        assertNotNull(next, "nothing came in 30 s");
        return next;
    }

    private final class Recorder implements RoutingListener {
        @Override
        public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {}

        @Override
        public void ended(Outcome outcome) {
            outcomes.add(outcome);
        }
    }
}
