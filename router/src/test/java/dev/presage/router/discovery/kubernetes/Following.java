package dev.presage.router.discovery.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.discovery.DiscoveryListener;
import dev.presage.router.discovery.SloListener;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.predict.Aim;
import dev.presage.router.slo.SloBook;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One router's discovery of the pool {@code chat}, and what it told. */
final class Following implements DiscoveryListener, SloListener, AutoCloseable {
    static final PoolSource CHAT = new PoolSource.Named("chat", ApiKind.POOL_GROUP);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final BlockingQueue<List<Endpoint>> published = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> rejected = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> disconnected = new LinkedBlockingQueue<>();
    volatile Set<String> adapters = Set.of();
    private final ApiClient client;
    final KubernetesDiscovery discovery;
    final SloBook slos = new SloBook("chat", InstantSource.system(), Aim.NONE);

    private Following(int port, KubernetesSettings settings) {
        client = ApiClient.of(ApiServer.config(port), this);
        discovery = KubernetesDiscovery.start(
                client, settings, published::add, names -> adapters = names, this, slos, this);
    }

    static Following of(ApiServer server) {
        return of(server, CHAT);
    }

    static Following of(ApiServer server, PoolSource pool) {
        return at(server.port(), settings(pool, false, "one"));
    }

    static Following at(int port, KubernetesSettings settings) {
        return new Following(port, settings);
    }

    static KubernetesSettings settings(PoolSource pool, boolean elects, String identity) {
        return new KubernetesSettings(ApiServer.NAMESPACE, pool, elects, identity, true, Duration.ofMillis(50));
    }

    @Override
    public void loaded(int endpoints) {}

    @Override
    public void rejected(String reason) {
        rejected.add(reason);
    }

    @Override
    public void slosLoaded(int count) {}

    @Override
    public void slosRejected(String reason) {
        rejected.add(reason);
    }

    @Override
    public void disconnected(String resource) {
        disconnected.add(resource);
    }

    /** Waits until exactly these are published, each as {@code id@address}. */
    void publishes(String... endpoints) throws InterruptedException {
        List<String> wanted = List.of(endpoints);
        List<String> last = List.of("nothing");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            List<Endpoint> next = published.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            last = next == null ? last : texts(next);
            if (last.equals(wanted)) {
                return;
            }
        }
        assertEquals(wanted, last);
    }

    /** The next set, whatever it is. */
    List<Endpoint> next() throws InterruptedException {
        return await(published);
    }

    @Nullable
    List<Endpoint> poll() {
        return published.poll();
    }

    String rejection() throws InterruptedException {
        return await(rejected);
    }

    String disconnect() throws InterruptedException {
        return await(disconnected);
    }

    private static List<String> texts(List<Endpoint> endpoints) {
        return endpoints.stream()
                .map(endpoint -> endpoint.id() + "@" + endpoint.address())
                .toList();
    }

    private static <T> T await(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    /** For state that nobody is told of. */
    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() {
        discovery.close();
        client.close();
    }
}
