package dev.presage.router.envoy;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.presage.router.EndpointPicker;
import dev.presage.router.epp.GatewayCertificate;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.flow.BandSettings;
import dev.presage.router.flow.Ceilings;
import dev.presage.router.flow.FlowControl;
import dev.presage.router.flow.FlowListener;
import dev.presage.router.flow.FlowSettings;
import dev.presage.router.flow.Limits;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Ladder;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.SaturationDetector;
import dev.presage.router.pool.PoolRules;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.program.ProgramBook;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A client, a real Envoy, the router and small upstreams, which reply {@link #DOCUMENT}, or {@link #EVENTS} to a path that ends in
 * {@code sse}, in pieces of forty bytes.
 */
final class EnvoyStand implements AutoCloseable {
    static final String DUPLEX = "FULL_DUPLEX_STREAMED";
    static final String DOCUMENT =
            "{\"id\":\"1\",\"object\":\"text\",\"model\": \"target\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}";
    static final String EVENTS =
            "data: {\"model\":\"target\",\"choices\":[{\"text\":\"a\"}]}\n\ndata: {\"model\":\"target\",\"choices\":[{\"text\":\"b\"}]}\n\n"
                    + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n";

    final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    final Fleet fleet = new Fleet();
    final EnvoyProcess envoy;
    private final HttpClient client;
    private final List<HttpServer> upstreams = new ArrayList<>();
    private final Server router;
    /** Replies to paths with {@code hold} in them wait for a permit. */
    final Semaphore held = new Semaphore(0);
    /** In front of the router, if there is one. */
    Optional<FlowControl> flow = Optional.empty();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** A request as an upstream got it; {@code at} is that upstream. */
    record Received(String at, String path, byte[] body, Map<String, List<String>> headers) {}

    private EnvoyStand(
            Path binary, Path scratch, String requestMode, String responseMode, Optional<SaturationDetector> detector)
            throws Exception {
        client = HttpClient.newBuilder()
                .sslContext(GatewayCertificate.write(scratch))
                .build();
        router = router(detector).start();
        envoy = EnvoyProcess.start(binary, scratch, router.getPort(), requestMode, responseMode);
    }

    /** Starts Envoy with these body modes and {@code upstreams} endpoints; skips the test where there is no Envoy. */
    static EnvoyStand start(Path scratch, String requestMode, String responseMode, int upstreams) throws Exception {
        return start(scratch, requestMode, responseMode, upstreams, Optional.empty());
    }

    /** The same with flow control by this detector, which evicts; objective {@code sheddable} is one. */
    static EnvoyStand start(
            Path scratch, String requestMode, String responseMode, int upstreams, Optional<SaturationDetector> detector)
            throws Exception {
        Optional<Path> binary = EnvoyProcess.binary();
        assumeTrue(binary.isPresent(), "no Envoy: set -Denvoy.path or ENVOY_PATH");
        EnvoyStand stand = new EnvoyStand(binary.orElseThrow(), scratch, requestMode, responseMode, detector);
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 1; i <= upstreams; i++) {
            endpoints.add(stand.upstream("127.0.0." + i));
        }
        stand.fleet.replace(endpoints);
        return stand;
    }

    private Server router(Optional<SaturationDetector> detector) {
        AtomicReference<@Nullable EndpointPicker> routes = new AtomicReference<>();
        flow = detector.map(full -> new FlowControl(
                new FlowSettings(
                        Limits.NONE,
                        FlowSettings.TTL,
                        FlowSettings.TTL,
                        Map.of(),
                        BandSettings.DEFAULT,
                        BandSettings.DEFAULT,
                        Ceilings.NONE,
                        true),
                fleet,
                ticket -> Objects.requireNonNull(routes.get())
                        .round(ticket.request(), ticket.allowed(), LatencySettings.DEFAULT),
                full,
                System::nanoTime,
                FlowListener.NONE,
                new ProgramBook(System::nanoTime)));
        List<RoutingListener> listeners = new ArrayList<>(List.of(new Recorder()));
        flow.ifPresent(listeners::add);
        EndpointPicker picker = new EndpointPicker(
                fleet,
                new ApproximatePrefixIndex(1 << 20),
                Ladder.DEFAULT,
                listeners,
                System::nanoTime,
                InstantSource.system(),
                () -> new Random(1),
                Duration.ofSeconds(2));
        routes.set(picker);
        ExtProcService service = new ExtProcService(
                picker,
                ExtProcSettings.DEFAULT,
                ExtProcListener.NONE,
                System::nanoTime,
                () -> UUID.randomUUID().toString(),
                () -> new PoolRules(Map.of("sheddable", -1), List.of()),
                () -> new Random(1),
                flow.map(control -> new Queueing(control.start(), threads)));
        return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .directExecutor()
                .addService(service)
                .build();
    }

    private Endpoint upstream(String host) throws IOException {
        HttpServer upstream = HttpServer.create(new InetSocketAddress(host, 0), 0);
        upstream.setExecutor(threads);
        upstream.createContext("/", this::serve);
        upstream.start();
        upstreams.add(upstream);
        return new Endpoint(
                "default/up" + upstreams.size(), host, upstream.getAddress().getPort(), Map.of());
    }

    HttpResponse<String> post(Version version, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return post(version, path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    HttpResponse<String> post(Version version, String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(envoy.uri(path)).version(version).POST(BodyPublishers.ofByteArray(body));
        return send(request, headers);
    }

    /** Without waiting for the reply. */
    CompletableFuture<HttpResponse<String>> posting(String path, String body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(envoy.uri(path)).version(Version.HTTP_2).POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(Version version, String path, String... headers) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(envoy.uri(path)).version(version), headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers)
            throws IOException, InterruptedException {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    static <T> T await(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(30, TimeUnit.SECONDS);
        assertNotNull(next, "nothing came in 30 s");
        return next;
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().toString();
        String at = exchange.getLocalAddress().getHostString() + ":"
                + exchange.getLocalAddress().getPort();
        received.add(new Received(at, path, body, Map.copyOf(exchange.getRequestHeaders())));
        boolean events = path.endsWith("sse");
        if (path.contains("hold")) {
            held.acquireUninterruptibly();
        }
        exchange.getResponseHeaders().add("content-type", events ? "text/event-stream" : "application/json");
        byte[] reply = (events ? EVENTS : DOCUMENT).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, events ? 0 : reply.length);
        try (var out = exchange.getResponseBody()) {
            for (int at40 = 0; at40 < reply.length; at40 += 40) {
                out.write(reply, at40, Math.min(40, reply.length - at40));
                out.flush();
            }
        }
    }

    @Override
    public void close() {
        held.release(1_000);
        envoy.close();
        flow.ifPresent(FlowControl::close);
        router.shutdownNow();
        upstreams.forEach(upstream -> upstream.stop(0));
        threads.shutdownNow();
        client.shutdownNow();
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
