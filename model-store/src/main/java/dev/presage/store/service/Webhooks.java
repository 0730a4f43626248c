package dev.presage.store.service;

import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.store.bundle.StoreJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells web addresses of each alias that moved, as {@code {"pool", "revision", "aliases", "actor", "reason", "at_ms"}}. With a secret, the header
 * {@code presage-signature} is {@code sha256=} and the HMAC-SHA256 of the body in hex. Each is tried {@value #TRIES} times; at most {@value #WAITING}
 * wait, a further one is dropped and logged. Owns the thread {@code presage-webhooks}, which ends in {@link #close}.
 */
public final class Webhooks implements AliasListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
    private static final int TRIES = 5;
    private static final int WAITING = 1_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private record Message(
            String pool, long revision, Map<String, String> aliases, String actor, String reason, long atMs) {}

    private final BlockingQueue<Message> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Map<String, Long> told = new HashMap<>();
    private final List<URI> addresses;
    private final Optional<String> secret;
    private final Duration pause;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final Thread thread;

    Webhooks(List<URI> addresses, Optional<String> secret, Duration pause) {
        this.addresses = List.copyOf(addresses);
        this.secret = secret;
        this.pause = pause;
        thread = Thread.ofVirtual().name("presage-webhooks").start(this::run);
    }

    /** Starts telling these addresses; none is fine. */
    public static Webhooks start(List<URI> addresses, Optional<String> secret) {
        return new Webhooks(addresses, secret, Duration.ofSeconds(1));
    }

    /** A position that is already known, such as each pool's at start, is no news. */
    @Override
    public synchronized void onAliases(String pool, List<AliasMoved> aliases) {
        AliasMoved first = aliases.getFirst();
        Long known = told.put(pool, first.getRevision());
        if (addresses.isEmpty() || known == null && first.getReason().equals(StoreServer.AT_START)) {
            return;
        }
        if (known != null && known >= first.getRevision()) {
            told.put(pool, known);
            return;
        }
        Map<String, String> held = new TreeMap<>();
        aliases.stream()
                .filter(alias -> !alias.getBundleId().isEmpty())
                .forEach(alias -> held.put(alias.getAlias(), alias.getBundleId()));
        Message message =
                new Message(pool, first.getRevision(), held, first.getActor(), first.getReason(), first.getMovedAtMs());
        if (!waiting.offer(message)) {
            LOG.error(
                    "{} webhook messages wait already; revision {} of pool {} is not told",
                    WAITING,
                    first.getRevision(),
                    pool);
        }
    }

    private void run() {
        try {
            while (true) {
                byte[] body = StoreJson.write(waiting.take());
                for (URI address : addresses) {
                    deliver(address, body);
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void deliver(URI address, byte[] body) throws InterruptedException {
        String problem = "";
        for (int attempt = 0; attempt < TRIES; attempt++) {
            if (attempt > 0) {
                TimeUnit.NANOSECONDS.sleep(pause.toNanos() << (attempt - 1));
            }
            problem = post(address, body);
            if (problem.isEmpty()) {
                return;
            }
        }
        LOG.error("webhook {} was not told after {} tries: {}", address, TRIES, problem);
    }

    /** Empty when it was taken. */
    private String post(URI address, byte[] body) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        secret.ifPresent(key -> request.header("presage-signature", "sha256=" + hmac(key, body)));
        try {
            int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            return status >= 200 && status < 300 ? "" : "status " + status;
        } catch (IOException e) {
            return e.toString();
        }
    }

    static String hmac(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** Gives up what is not yet told. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.shutdownNow();
    }
}
