package dev.presage.router.scrape;

import dev.presage.router.eject.Reachability;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EndpointTwin;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.fleet.QueueState;
import dev.presage.router.prefix.PrefixIndex;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every endpoint's signals and KV capacity up to date. Follows the fleet by itself; each endpoint has one connection
 * and at most one scrape under way, spread over the interval. All of it runs on one event loop that is owned here and ended
 * by {@link #close}. Bounded by the endpoints: a page buffer and a connection each.
 */
public final class Scraper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scraper.class);
    private static final long CLOSE_TIMEOUT_MS = 2_000;
    /** An interval's parts, over which the targets are spread. */
    private static final int BEATS = 20;

    private static final int GOLDEN = 0x9E3779B9;

    private final Fleet fleet;
    private final PrefixIndex prefixes;
    private final Reachability reachability;
    private final ScrapeSettings settings;
    private final @Nullable SslContext tls;
    private final LongSupplier nanoClock;
    private final ScrapeListener listener;
    private final EventLoopGroup loop;
    private final Bootstrap bootstrap;
    private final byte[] scratch = new byte[1 << 14];
    private final Map<String, ScrapeTarget> targets = new HashMap<>();
    /** The same by their turn. */
    private final List<List<ScrapeTarget>> turns = new ArrayList<>();

    private int beat;

    private Scraper(
            Fleet fleet,
            PrefixIndex prefixes,
            Reachability reachability,
            ScrapeSettings settings,
            LongSupplier nanoClock,
            ScrapeListener listener) {
        this.fleet = fleet;
        this.prefixes = prefixes;
        this.reachability = reachability;
        this.settings = settings;
        this.tls = settings.tls().map(ScrapeTls::context).orElse(null);
        this.nanoClock = nanoClock;
        this.listener = listener;
        for (int i = 0; i < BEATS; i++) {
            turns.add(new ArrayList<>());
        }
        boolean epoll = Epoll.isAvailable();
        this.loop = new MultiThreadIoEventLoopGroup(
                1,
                new DefaultThreadFactory("presage-scrape", true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        settings.timeout().toMillis());
    }

    /**
     * Starts to scrape the fleet's endpoints, present and future.
     *
     * @param reachability told which endpoints take connections
     * @param nanoClock the clock that signals' age is measured with
     */
    public static Scraper start(
            Fleet fleet,
            PrefixIndex prefixes,
            Reachability reachability,
            ScrapeSettings settings,
            LongSupplier nanoClock,
            ScrapeListener listener) {
        Scraper scraper = new Scraper(fleet, prefixes, reachability, settings, nanoClock, listener);
        scraper.loop.scheduleAtFixedRate(scraper::beat, 0, settings.interval().toNanos() / BEATS, TimeUnit.NANOSECONDS);
        return scraper;
    }

    /** Scrapes those whose turn it is; one timer for all costs less than one each. On the event loop. */
    private void beat() {
        int now = beat;
        beat = (now + 1) % BEATS;
        if (now == 0) {
            followFleet();
        }
        // A copy: what fails at once may change the list.
        for (ScrapeTarget target : List.copyOf(turns.get(now))) {
            target.tick();
        }
    }

    /** Makes the targets those of the fleet. */
    private void followFleet() {
        try {
            List<Endpoint> endpoints = fleet.endpoints();
            Set<String> present = new HashSet<>();
            for (Endpoint endpoint : endpoints) {
                present.add(endpoint.id());
                ScrapeTarget known = targets.get(endpoint.id());
                if (known == null || !known.endpoint().equals(endpoint)) {
                    replace(endpoint);
                }
            }
            targets.entrySet().removeIf(entry -> {
                boolean gone = !present.contains(entry.getKey());
                if (gone) {
                    end(entry.getValue());
                }
                return gone;
            });
        } catch (RuntimeException e) {
            LOG.error("following the fleet", e);
        }
    }

    private void replace(Endpoint endpoint) {
        ScrapeTarget target = new ScrapeTarget(this, endpoint, settings.engine(endpoint.labels()));
        ScrapeTarget former = targets.put(endpoint.id(), target);
        if (former != null) {
            end(former);
        }
        turns.get(turn(endpoint)).add(target);
    }

    private void end(ScrapeTarget target) {
        turns.get(turn(target.endpoint())).remove(target);
        target.close();
    }

    private static int turn(Endpoint endpoint) {
        return Math.floorMod(endpoint.id().hashCode() * GOLDEN >>> 16, BEATS);
    }

    void publish(Endpoint endpoint, EngineSignals signals, long tookNanos) {
        fleet.signals(endpoint.id(), signals);
        if (signals.kvCapacityTokens() > 0) {
            prefixes.capacity(endpoint, signals.kvCapacityTokens());
        }
        reachability.reached(endpoint);
        listener.scraped(endpoint.id(), tookNanos);
    }

    void failed(Endpoint endpoint, ScrapeFailure why) {
        listener.failed(endpoint.id(), why);
    }

    void refused(Endpoint endpoint) {
        reachability.refused(endpoint);
    }

    /** The router's own account of the endpoint. */
    QueueState own(Endpoint endpoint) {
        EndpointTwin twin = fleet.twin(endpoint);
        return twin == null ? QueueState.IDLE : twin.state();
    }

    /** How to speak TLS; null for plaintext. */
    @Nullable
    SslContext tls() {
        return tls;
    }

    Bootstrap bootstrap() {
        return bootstrap;
    }

    ScrapeSettings settings() {
        return settings;
    }

    long nanos() {
        return nanoClock.getAsLong();
    }

    /** Room that pages are copied through; only on the event loop. */
    byte[] scratch() {
        return scratch;
    }

    /** Ends all scrapes and the event loop. */
    @Override
    public void close() {
        loop.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_TIMEOUT_MS);
    }
}
