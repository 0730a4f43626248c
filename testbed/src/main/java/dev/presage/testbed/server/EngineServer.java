package dev.presage.testbed.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.presage.testbed.engine.Engine;
import dev.presage.testbed.engine.EngineGauges;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.engine.SchedulerLimits;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One simulated engine behind vLLM's HTTP endpoints. Requests run on virtual threads, the engine on a thread of its own;
 * {@link #close} ends both. At most {@value #MAX_CONCURRENT_REQUESTS} requests are served at once, more get a 503.
 * Thread-safe.
 */
public final class EngineServer implements AutoCloseable {
    private static final int MAX_CONCURRENT_REQUESTS = 4_096;

    private final EngineServerOptions options;
    private final EngineLoop loop;
    private final InstantSource clock;
    private final MetricsPage page;
    private final WebServer web;

    private EngineServer(EngineServerOptions options, InstantSource clock, LongSupplier nanos) {
        this.options = options;
        this.clock = clock;
        loop = new EngineLoop(
                new Engine(
                        options.profile(),
                        SchedulerLimits.DEFAULT,
                        options.adapters().limits()),
                "sim-engine-" + options.port(),
                nanos,
                options.speedup());
        page = new MetricsPage(options.model(), options.profile(), options.adapters());
        web = WebServer.builder()
                .host(options.host())
                .port(options.port())
                .shutdownHook(false)
                .maxConcurrentRequests(MAX_CONCURRENT_REQUESTS)
                .connectionOptions(socket -> socket.tcpNoDelay(true))
                .routing(this::route)
                .build();
    }

    /** Starts a server on the system's clock; a port in use is an exception of the web server. */
    public static EngineServer start(EngineServerOptions options) {
        return start(options, InstantSource.system(), System::nanoTime);
    }

    static EngineServer start(EngineServerOptions options, InstantSource clock, LongSupplier nanos) {
        EngineServer server = new EngineServer(options, clock, nanos);
        server.loop.start();
        try {
            server.web.start();
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** The port it listens on. */
    public int port() {
        return web.port();
    }

    /** The engine's gauges now. */
    public EngineGauges gauges() {
        return loop.gauges();
    }

    @Override
    public void close() {
        loop.close();
        web.stop();
    }

    private void route(HttpRouting.Builder routing) {
        AtomicLong ids = new AtomicLong();
        routing.post("/v1/completions", new CompletionHandler(false, options, loop, clock, ids))
                .post("/v1/chat/completions", new CompletionHandler(true, options, loop, clock, ids))
                .get("/v1/models", (request, response) -> send(response, "application/json", models()))
                .get("/health", (request, response) -> response.send())
                .get("/metrics", (request, response) -> send(response, MetricsPage.CONTENT_TYPE, metrics()));
    }

    private String metrics() {
        return page.render(loop.gauges(), loop.generatedTokens(), clock.millis() / 1000.0);
    }

    private String models() {
        ObjectNode root = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode models = root.putArray("data");
        model(models, options.model()).put("max_model_len", options.profile().kvBlocks() * EngineProfile.BLOCK_TOKENS);
        options.adapters().names().forEach(name -> model(models, name).put("parent", options.model()));
        return root.toString();
    }

    private ObjectNode model(ArrayNode models, String id) {
        return models.addObject()
                .put("id", id)
                .put("object", "model")
                .put("created", clock.instant().getEpochSecond())
                .put("owned_by", "presage");
    }

    private static void send(ServerResponse response, String type, String text) {
        response.header(HeaderNames.CONTENT_TYPE, type);
        response.send(text.getBytes(StandardCharsets.UTF_8));
    }
}
