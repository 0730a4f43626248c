package dev.presage.store.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import dev.presage.pipeline.proto.AliasMoved;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhooksTest {
    private static final String SECRET = "a key that both sides have";

    private record Received(String body, String signature) {}

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private HttpServer receiver;
    private Webhooks hooks;
    private int failures;

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String signature = exchange.getRequestHeaders().getFirst("presage-signature");
            exchange.sendResponseHeaders(failures-- > 0 ? 500 : 204, -1);
            exchange.close();
            received.add(new Received(body, String.valueOf(signature)));
        });
        receiver.start();
        URI address = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/");
        hooks = new Webhooks(List.of(address), Optional.of(SECRET), Duration.ofMillis(1));
    }

    @AfterEach
    void stop() {
        hooks.close();
        receiver.stop(0);
    }

    @Test
    void movesAreToldSignedAndPositionsAtStartAreNot() throws InterruptedException {
        hooks.onAliases("chat", moved(4, StoreServer.AT_START));
        hooks.onAliases("chat", moved(5, "better"));
        hooks.onAliases("chat", moved(5, "again"));
        Received first = take();
        assertEquals(
                "{\"pool\":\"chat\",\"revision\":5,\"aliases\":{\"champion\":\"sha256-1\"},"
                        + "\"actor\":\"ann\",\"reason\":\"better\",\"at_ms\":9}",
                first.body());
        assertEquals(
                "sha256=" + Webhooks.hmac(SECRET, first.body().getBytes(StandardCharsets.UTF_8)), first.signature());
        hooks.onAliases("code", moved(1, "first"));
        assertEquals(true, take().body().startsWith("{\"pool\":\"code\",\"revision\":1"));
    }

    @Test
    void aReceiverThatFailsIsToldAgain() throws InterruptedException {
        failures = 2;
        hooks.onAliases("chat", moved(1, "first"));
        String body = take().body();
        assertEquals(List.of(body, body), List.of(take().body(), take().body()));
    }

    private Received take() throws InterruptedException {
        Received next = received.poll(30, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing was told");
        }
        return next;
    }

    private static List<AliasMoved> moved(long revision, String reason) {
        AliasMoved.Builder moved = AliasMoved.newBuilder()
                .setRevision(revision)
                .setActor("ann")
                .setReason(reason)
                .setMovedAtMs(9);
        return List.of(
                moved.setAlias("champion").setBundleId("sha256-1").build(),
                moved.setAlias("canary").setBundleId("").build());
    }
}
