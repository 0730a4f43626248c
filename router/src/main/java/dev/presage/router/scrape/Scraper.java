package dev.presage.router.scrape;

import dev.presage.router.eject.Reachability;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
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
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every endpoint's signals, KV capacity and, if they are asked for, models up to date. Follows the fleet by itself; each
 * page of an endpoint has one connection and at most one request under way, spread over the interval. All of it runs on one event
 * loop that is owned here and ended by {@link #close}. Bounded by the endpoints: a page buffer and a connection for each page.
 */
public final class Scraper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scraper.class);
    private static final long CLOSE_TIMEOUT_MS = 2_000;

    private final Fleet fleet;
    private final List<PageSource> sources;
    private final LongSupplier nanoClock;
    private final EventLoopGroup loop;
    private final Bootstrap bootstrap;
    private final byte[] scratch = new byte[1 << 14];
    private final Map<String, List<ScrapeTarget>> targets = new HashMap<>();
    private final Map<PageSource, Turns> turns = new IdentityHashMap<>();

    private Scraper(Fleet fleet, List<PageSource> sources, Duration timeout, LongSupplier nanoClock) {
        this.fleet = fleet;
        this.sources = sources;
        this.nanoClock = nanoClock;
        sources.forEach(source -> turns.put(source, new Turns()));
        boolean epoll = Epoll.isAvailable();
        this.loop = new MultiThreadIoEventLoopGroup(
                1,
                new DefaultThreadFactory("presage-scrape", true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis());
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
        List<PageSource> sources = new ArrayList<>();
        sources.add(new MetricsSource(fleet, prefixes, reachability, settings, nanoClock, listener));
        settings.models().ifPresent(models -> sources.add(new ModelsSource(fleet, models, listener)));
        Scraper scraper = new Scraper(fleet, sources, settings.timeout(), nanoClock);
        scraper.loop.scheduleAtFixedRate(
                scraper::followFleet, 0, settings.interval().toNanos(), TimeUnit.NANOSECONDS);
        scraper.turns.forEach((source, each) -> {
            long beatNanos = source.interval().toNanos() / Turns.BEATS;
            scraper.loop.execute(() -> scraper.beat(each, beatNanos));
        });
        return scraper;
    }

    private void beat(Turns each, long beatNanos) {
        int together = each.together();
        loop.schedule(() -> beat(each, beatNanos), together * beatNanos, TimeUnit.NANOSECONDS);
        each.beat(together);
    }

    /** Makes the targets those of the fleet. On the event loop. */
    private void followFleet() {
        try {
            List<Endpoint> endpoints = fleet.endpoints();
            Set<String> present = new HashSet<>();
            for (Endpoint endpoint : endpoints) {
                present.add(endpoint.id());
                List<ScrapeTarget> known = targets.get(endpoint.id());
                if (known == null || !known.getFirst().endpoint().equals(endpoint)) {
                    replace(endpoint);
                }
            }
            targets.entrySet().removeIf(entry -> {
                boolean gone = !present.contains(entry.getKey());
                if (gone) {
                    entry.getValue().forEach(this::end);
                }
                return gone;
            });
        } catch (RuntimeException e) {
            LOG.error("following the fleet", e);
        }
    }

    private void replace(Endpoint endpoint) {
        List<ScrapeTarget> all = sources.stream()
                .map(source -> new ScrapeTarget(this, endpoint, source))
                .toList();
        List<ScrapeTarget> former = targets.put(endpoint.id(), all);
        if (former != null) {
            former.forEach(this::end);
        }
        all.forEach(target -> turns(target).add(target));
    }

    private void end(ScrapeTarget target) {
        turns(target).remove(target);
        target.close();
    }

    private Turns turns(ScrapeTarget target) {
        return Objects.requireNonNull(turns.get(target.source()));
    }

    Bootstrap bootstrap() {
        return bootstrap;
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
