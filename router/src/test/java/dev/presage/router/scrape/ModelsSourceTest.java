package dev.presage.router.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.presage.router.eject.Reachability;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.fleet.ServedModels;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Engines that are asked for their models, over real HTTP. */
class ModelsSourceTest {
    private static final String LIST =
            "{\"data\":[{\"id\":\"llama\"},{\"id\":\"sql\",\"root\":\"/a\",\"parent\":\"llama\"}]}";

    private final Fleet fleet = new Fleet();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private volatile int status = 200;
    private volatile String list = LIST;
    private HttpServer engine;
    private Endpoint endpoint;

    @BeforeEach
    void startEngine() throws IOException {
        engine = engine(0);
        endpoint = new Endpoint(
                "default/a-rank-0", "127.0.0.1", engine.getAddress().getPort(), Map.of());
        fleet.replace(List.of(endpoint));
    }

    @AfterEach
    void stopEngine() {
        engine.stop(0);
    }

    @Test
    void whatAnEngineServesIsKnownAndItsAdaptersAreAdapters() throws InterruptedException {
        try (Scraper scraper = start()) {
            await("models");
            assertEquals(Map.of("llama", "", "sql", "llama"), models().parents());
            assertTrue(fleet.snapshot().isAdapter("sql"));
            assertFalse(fleet.snapshot().isAdapter("llama"));
            await("scraped");
            fleet.replace(List.of(new Endpoint(endpoint.id(), "127.0.0.1", endpoint.port(), Map.of("role", "new"))));
            assertTrue(fleet.snapshot().isAdapter("sql"), "another label is the same process");
            list = "{\"data\":[{\"id\":\"llama\"}]}";
            await("models");
            await("models");
            assertFalse(fleet.snapshot().isAdapter("sql"), "the adapter was unloaded");
            list = LIST;
            await("models");
            await("models");
            fleet.adapters(Set.of("declared"));
            assertTrue(fleet.snapshot().isAdapter("sql") && fleet.snapshot().isAdapter("declared"));
            fleet.replace(List.of());
            assertFalse(fleet.snapshot().isAdapter("sql"), "nobody serves it");
            assertTrue(fleet.snapshot().isAdapter("declared"));
        }
    }

    @Test
    void garbageIsNamedAndKeepsWhatWasKnown() throws InterruptedException {
        try (Scraper scraper = start()) {
            await("models");
            list = "<html>";
            await("models unreadable");
            list = "{\"data\":[" + "0".repeat(ScrapeTarget.MAX_PAGE_BYTES) + "]}";
            await("models too-large");
            status = 503;
            await("models status");
            assertEquals(2, models().parents().size());
            assertEquals(0, events.stream().filter("no-known-metric"::equals).count());
            status = 200;
            list = LIST;
            await("models");
        }
    }

    @Test
    void aProcessThatIsGoneServesNothingUntilItIsBack() throws Exception {
        try (Scraper scraper = start()) {
            await("models");
            engine.stop(0);
            await("models connect");
            assertEquals(ServedModels.NONE, models());
            engine = engine(endpoint.port());
            await("models");
            assertEquals(2, models().parents().size());
        }
    }

    private ServedModels models() {
        return fleet.models(endpoint.id());
    }

    private HttpServer engine(int port) throws IOException {
        HttpServer created = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        created.createContext("/metrics", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("vllm:num_requests_waiting 3\n".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        created.createContext("/api/models", exchange -> {
            exchange.sendResponseHeaders(status, 0);
            exchange.getResponseBody().write(list.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        created.start();
        return created;
    }

    private Scraper start() {
        Duration interval = Duration.ofMillis(50);
        Duration timeout = Duration.ofSeconds(1);
        ScrapeSettings settings = new ScrapeSettings(
                interval,
                timeout,
                "/metrics",
                0,
                "llm-d.ai/engine-type",
                Engine.VLLM.spec(),
                List.of(),
                Optional.empty(),
                Optional.of(new ModelsSettings(interval, timeout, "/api/models", 0, Optional.empty())));
        return Scraper.start(
                fleet,
                new ApproximatePrefixIndex(1024),
                Reachability.NONE,
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

                    @Override
                    public void modelsRead(String endpointId) {
                        events.add("models");
                    }

                    @Override
                    public void modelsFailed(String endpointId, ScrapeFailure why) {
                        events.add("models " + why.label());
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
}
