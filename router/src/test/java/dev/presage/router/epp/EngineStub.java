package dev.presage.router.epp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A model server with a metrics page and a list of models, on a loopback address of its own; otherwise it echoes. */
final class EngineStub implements AutoCloseable {
    private final HttpServer server;
    private final String host;
    private final Semaphore scrapes = new Semaphore(0);
    private final Semaphore lists = new Semaphore(0);
    private volatile String page;
    private String labels = "";

    private EngineStub(int number, String page) {
        host = "127.0.0." + (number + 1);
        this.page = page;
        try {
            server = HttpServer.create(new InetSocketAddress(host, 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/metrics", exchange -> {
            scrapes.release();
            byte[] body = this.page.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/v1/models", exchange -> {
            lists.release();
            byte[] body = "{\"data\":[{\"id\":\"m\"},{\"id\":\"sql-lora\",\"parent\":\"m\"}]}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/", this::echo);
        server.start();
    }

    /** Answers with the body that it got, and says in headers who it is and what that was. */
    private void echo(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("x-served-by", address());
        exchange.getResponseHeaders().set("x-got", new String(body, StandardCharsets.US_ASCII));
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Endpoint {@code number} of a pool, counted from 0, with that many requests waiting and those adapters loaded. */
    static EngineStub serving(int number, int waiting, double kvUsage, String... adapters) {
        return new EngineStub(number, page(waiting, kvUsage, adapters));
    }

    /** The same with this role. */
    EngineStub as(String role) {
        labels = "llm-d.ai/role: " + role;
        return this;
    }

    private static String page(int waiting, double kvUsage, String... adapters) {
        return """
                vllm:num_requests_waiting{model_name="m"} %d
                vllm:num_requests_running{model_name="m"} 0
                vllm:kv_cache_usage_perc{model_name="m"} %s
                vllm:cache_config_info{block_size="16",num_gpu_blocks="4096"} 1
                vllm:lora_requests_info{running_lora_adapters="%s",waiting_lora_adapters="",max_lora="4"} 1
                """.formatted(waiting, kvUsage, String.join(",", adapters));
    }

    /** What its page says from now on, seen by the router when this returns. */
    void says(int waiting, double kvUsage, String... adapters) throws InterruptedException {
        page = page(waiting, kvUsage, adapters);
        awaitScraped();
    }

    String address() {
        return host + ":" + server.getAddress().getPort();
    }

    String yaml() {
        int port = server.getAddress().getPort();
        return "{name: pod-%s-%d, address: %s, port: %d, labels: {%s}}"
                .formatted(host.substring(host.lastIndexOf('.') + 1), port, host, port, labels);
    }

    /** Returns when the page was read: who asks again has read what it got before. */
    void awaitScraped() throws InterruptedException {
        scrapes.drainPermits();
        if (!scrapes.tryAcquire(2, 30, TimeUnit.SECONDS)) {
            throw new AssertionError(address() + " was not scraped twice in 30 s");
        }
    }

    /** The same of its list of models. */
    void awaitAskedForModels() throws InterruptedException {
        lists.drainPermits();
        if (!lists.tryAcquire(2, 30, TimeUnit.SECONDS)) {
            throw new AssertionError(address() + " was not asked twice for its models in 30 s");
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
