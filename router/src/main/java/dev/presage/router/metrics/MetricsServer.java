package dev.presage.router.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code GET /metrics} and the pages beside it. Owns its listening thread and a virtual thread per request; {@link #close}
 * ends them.
 */
public final class MetricsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final ExecutorService handlers;
    private final @Nullable MetricsTls tls;
    private final MetricsAccess access;
    private final Map<String, Page> pages;

    private MetricsServer(HttpServer server, @Nullable MetricsTls tls, MetricsAccess access, Map<String, Page> pages) {
        this.server = server;
        this.tls = tls;
        this.access = access;
        this.pages = Map.copyOf(pages);
        this.handlers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("presage-metrics-", 0).factory());
    }

    /** Binds and starts in plaintext, for everyone; port 0 takes any free one. */
    public static MetricsServer start(InetSocketAddress address, Supplier<String> page) {
        return start(address, null, MetricsAccess.ANYONE, Map.of("/metrics", text(page)));
    }

    /**
     * Binds and starts; port 0 takes any free one.
     *
     * @param tls null for plaintext; the server closes it
     * @param pages by path
     * @throws UncheckedIOException if the address cannot be bound
     */
    public static MetricsServer start(
            InetSocketAddress address, @Nullable MetricsTls tls, MetricsAccess access, Map<String, Page> pages) {
        HttpServer server;
        try {
            server = tls == null ? HttpServer.create(address, BACKLOG) : secured(address, tls);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot serve metrics on " + address + ": " + e.getMessage(), e);
        }
        MetricsServer started = new MetricsServer(server, tls, access, pages);
        server.setExecutor(started.handlers);
        server.createContext("/", started::answer);
        server.start();
        return started;
    }

    /** The page that Prometheus reads. */
    public static Page text(Supplier<String> page) {
        return query -> new Page.Answer(200, CONTENT_TYPE, page.get().getBytes(StandardCharsets.UTF_8));
    }

    private static HttpServer secured(InetSocketAddress address, MetricsTls tls) throws IOException {
        HttpsServer server = HttpsServer.create(address, BACKLOG);
        server.setHttpsConfigurator(new HttpsConfigurator(tls.context()) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setNeedClientAuth(tls.asksClients());
                parameters.setSSLParameters(wanted);
            }
        });
        return server;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Page.Answer answer = answerTo(exchange);
            if (!answer.contentType().isEmpty()) {
                exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            }
            int length = answer.body().length;
            exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
            if (length > 0) {
                exchange.getResponseBody().write(answer.body());
            }
        }
    }

    private Page.Answer answerTo(HttpExchange exchange) {
        Page page = pages.get(exchange.getRequestURI().getPath());
        if (page == null) {
            return Page.Answer.text(404, "not found\n");
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            return Page.Answer.text(405, "only GET\n");
        }
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (!access.allows(Objects.requireNonNullElse(authorization, ""))) {
            return Page.Answer.text(authorization == null ? 401 : 403, "not allowed\n");
        }
        try {
            return page.get(query(exchange.getRequestURI()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Page.Answer.text(503, "stopping\n");
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} failed", exchange.getRequestURI().getPath(), e);
            return Page.Answer.text(500, "failed\n");
        }
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> parameters = new HashMap<>();
        String query = uri.getQuery();
        if (query != null) {
            for (String pair : query.split("&")) {
                int equals = pair.indexOf('=');
                parameters.put(equals < 0 ? pair : pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return parameters;
    }

    /** The bound port. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        handlers.shutdownNow();
        if (tls != null) {
            tls.close();
        }
    }
}
