package dev.presage.router.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.presage.router.eject.Reachability;
import dev.presage.router.epp.GatewayCertificate;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScraperTest {
    private static final String PAGE = "vllm:num_requests_waiting 3\nvllm:num_requests_running 2\n"
            + "vllm:cache_config_info{block_size=\"16\",num_gpu_blocks=\"8\"} 1\n";

    private final Fleet fleet = new Fleet();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
    private volatile int status = 200;
    private volatile String body = PAGE;
    private HttpServer engine;
    private Optional<ScrapeTls> tls = Optional.empty();
    private final Reachability reachability = new Reachability() {
        @Override
        public void reached(Endpoint endpoint) {}

        @Override
        public void refused(Endpoint endpoint) {
            events.add("refused");
        }
    };

    @BeforeEach
    void startEngine() throws IOException {
        engine = engine(0);
    }

    @AfterEach
    void stopEngine() {
        engine.stop(0);
    }

    @Test
    void oneKeptConnectionBringsSignalsAgainAndAgain() throws InterruptedException {
        fleet.replace(List.of(endpoint(engine.getAddress().getPort())));
        try (Scraper scraper = start()) {
            for (int i = 0; i < 5; i++) {
                await("scraped");
            }
        }
        EngineSignals signals = fleet.snapshot().endpoints().getFirst().signals();
        assertEquals(3, signals.waiting());
        assertEquals(2, signals.running());
        assertEquals(128, signals.kvCapacityTokens());
        assertEquals(1, clients.size());
    }

    @Test
    void aFailureKeepsTheLastSignalsAndIsNamed() throws InterruptedException {
        fleet.replace(List.of(endpoint(engine.getAddress().getPort())));
        try (Scraper scraper = start()) {
            await("scraped");
            status = 503;
            await("status");
            status = 200;
            body = "python_info 1\n";
            await("no-known-metric");
            body = "#".repeat(ScrapeTarget.MAX_PAGE_BYTES + 1);
            await("too-large");
            assertEquals(3, fleet.snapshot().endpoints().getFirst().signals().waiting());
            body = PAGE.replace("waiting 3", "waiting 4");
            await("scraped");
            assertEquals(4, fleet.snapshot().endpoints().getFirst().signals().waiting());
        }
    }

    @Test
    void anEndpointThatIsNotThereIsACountedFailure() throws Exception {
        int unused;
        try (var socket = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = socket.getLocalPort();
        }
        fleet.replace(List.of(endpoint(unused)));
        try (Scraper scraper = start()) {
            await("connect");
        }
        assertEquals(
                EngineSignals.UNKNOWN, fleet.snapshot().endpoints().getFirst().signals());
    }

    @Test
    void anEngineThatDoesNotAnswerTimesOut() throws Exception {
        try (var silent = new java.net.ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            fleet.replace(List.of(endpoint(silent.getLocalPort())));
            try (Scraper scraper = start()) {
                await("timeout");
            }
        }
    }

    @Test
    void aReplicaThatDiedIsKnownByItsConnectionAndOneThatIsBackIsReadAgain() throws Exception {
        fleet.replace(List.of(endpoint(engine.getAddress().getPort())));
        try (Scraper scraper = start()) {
            await("scraped");
            engine.stop(0);
            await("refused");
            engine = engine(engine.getAddress().getPort());
            await("scraped");
        }
    }

    @Test
    void anEndpointThatWasNeverReachedIsUnknownNotGone() throws Exception {
        int unused;
        try (var socket = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = socket.getLocalPort();
        }
        fleet.replace(List.of(endpoint(unused)));
        try (Scraper scraper = start()) {
            await("connect");
            await("connect");
        }
        assertEquals(0, events.stream().filter("refused"::equals).count());
    }

    @Test
    void httpsIsVerifiedAgainstTheGivenAuthorityOrNotAtAll(@TempDir Path directory) throws Exception {
        SSLContext server = GatewayCertificate.server(directory);
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(server));
        secure.createContext("/metrics", this::answer);
        secure.start();
        try {
            fleet.replace(List.of(endpoint(secure.getAddress().getPort())));
            Optional<Path> certificate = Optional.of(directory.resolve("tls.crt"));
            Optional<Path> key = Optional.of(directory.resolve("tls.key"));
            tls = Optional.of(new ScrapeTls(true, Optional.empty(), certificate, key));
            try (Scraper scraper = start()) {
                await("scraped");
            }
            tls = Optional.of(new ScrapeTls(false, Optional.empty(), Optional.empty(), Optional.empty()));
            events.clear();
            try (Scraper scraper = start()) {
                await("broken");
            }
            assertEquals(0, events.stream().filter("scraped"::equals).count());
        } finally {
            secure.stop(0);
        }
    }

    private HttpServer engine(int port) throws IOException {
        HttpServer created = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        created.createContext("/metrics", this::answer);
        created.start();
        return created;
    }

    private void answer(HttpExchange exchange) throws IOException {
        clients.add(exchange.getRemoteAddress());
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length < 8192 ? bytes.length : 0);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Scraper start() {
        ScrapeSettings settings = new ScrapeSettings(
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                "/metrics",
                0,
                "llm-d.ai/engine-type",
                Engine.VLLM.spec(),
                List.of(),
                tls,
                Optional.empty());
        return Scraper.start(
                fleet,
                new ApproximatePrefixIndex(1024),
                reachability,
                settings,
                System::nanoTime,
                new ScrapeListener() {
                    @Override
                    public void scraped(String endpointId, long tookNanos) {
                        events.add("scraped");
                    }

                    @Override
                    public void failed(String endpointId, ScrapeFailure why) {
                        events.add(why.label());
                    }
                });
    }

    private void await(String event) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String next;
        do {
            next = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertNotNull(next, "no " + event);
        } while (!next.equals(event));
    }

    private static Endpoint endpoint(int port) {
        return new Endpoint("default/a-rank-0", "127.0.0.1", port, Map.of());
    }
}
