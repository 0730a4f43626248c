package dev.presage.router.epp;

import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.router.EndpointPicker;
import dev.presage.router.config.RouterConfig;
import dev.presage.router.debug.FlightPage;
import dev.presage.router.debug.SloPage;
import dev.presage.router.debug.StatePage;
import dev.presage.router.discovery.SloFile;
import dev.presage.router.eject.EjectionRules;
import dev.presage.router.eject.OutlierEjection;
import dev.presage.router.eject.Reachability;
import dev.presage.router.eject.Rotation;
import dev.presage.router.envoy.ExtProcListener;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.flow.FlowControl;
import dev.presage.router.flow.FlowListener;
import dev.presage.router.flow.PoolSaturation;
import dev.presage.router.kafka.EventLog;
import dev.presage.router.kafka.EventLogSettings;
import dev.presage.router.kafka.PeerLog;
import dev.presage.router.metrics.MetricsServer;
import dev.presage.router.metrics.Page;
import dev.presage.router.metrics.RouterMetrics;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.peer.FlightReporter;
import dev.presage.router.peer.PeerFlights;
import dev.presage.router.plugin.PluginWatch;
import dev.presage.router.prefix.PrefixIndex;
import dev.presage.router.scrape.ScrapeSettings;
import dev.presage.router.scrape.Scraper;
import dev.presage.router.slo.SloBook;
import dev.presage.router.trace.Tracing;
import io.grpc.ServerInterceptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything around the core that has a socket, a file or a thread: what listens to decisions, then what feeds the fleet and the
 * model. Closed in reverse order.
 */
final class Adapters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Adapters.class);
    private static final String VERSION = "0.1.0";

    private final String bindAddress;
    private final FleetFlags flags;
    private final ObserveFlags observe;
    private final Fleet fleet;
    private final PrefixIndex prefixes;
    private final LongSupplier nanoClock;
    private final RouterConfig config;
    private final RouterMetrics metrics = new RouterMetrics(VERSION, "");
    private final OutlierEjection ejection;
    private final SloBook slos;
    private final Optional<Tracing> tracing;
    private final PoolFeed pool;
    private final Lifetimes lifetimes = new Lifetimes();
    private @Nullable MetricsServer page;

    Adapters(
            String bindAddress,
            FleetFlags flags,
            ObserveFlags observe,
            RouterConfig config,
            Fleet fleet,
            PrefixIndex prefixes,
            LongSupplier nanoClock,
            Supplier<RandomGenerator> random) {
        this.bindAddress = bindAddress;
        this.flags = flags;
        this.observe = observe;
        this.config = config;
        lifetimes.opened(metrics);
        this.tracing = observe.tracing ? Tracing.start(System.getenv()) : Optional.empty();
        tracing.ifPresent(lifetimes::opened);
        this.fleet = fleet;
        this.prefixes = prefixes;
        this.nanoClock = nanoClock;
        slos = new SloBook(
                flags.pool(),
                InstantSource.system(),
                config.scheduling().policy().aim());
        pool = new PoolFeed(flags, config, fleet, prefixes, slos, metrics);
        ejection = new OutlierEjection(fleet, EjectionRules.DEFAULT, nanoClock, random, metrics.ejections());
    }

    /** Which endpoints are fit to be sent requests. */
    Rotation rotation() {
        return flags.outlierEjection ? ejection : Rotation.ALL;
    }

    /** The endpoints and rules, and whether this router is the one to serve them. */
    PoolFeed pool() {
        return pool;
    }

    /** The SLOs in force. */
    SloBook slos() {
        return slos;
    }

    /** What is told of every decision; opened before the picker, closed after it. */
    List<RoutingListener> listeners() {
        List<RoutingListener> listeners = new ArrayList<>();
        listeners.addAll(metrics.routing());
        listeners.add(slos);
        if (flags.outlierEjection) {
            listeners.add(ejection);
        }
        tracing.ifPresent(spans -> listeners.add(spans.routing(Adapters::epochNanos)));
        KafkaConnection kafka = kafka();
        if (kafka == null) {
            LOG.warn("no --bootstrap-servers: decisions and outcomes are not logged, nothing is learned from them");
        } else {
            EventLog log = lifetimes.opened(EventLog.start(
                    EventLogSettings.of(flags.routerId, flags.pool(), flags.dataDir.resolve("spool")),
                    kafka,
                    nanoClock,
                    metrics.eventLog()));
            metrics.watch(log);
            listeners.add(log);
            if (flags.shareInFlight) {
                PeerFlights peers = new PeerFlights(fleet, prefixes, nanoClock, InstantSource.system());
                PeerLog told = lifetimes.opened(PeerLog.start(kafka, flags.routerId, flags.pool(), peers));
                listeners.add(new FlightReporter(InstantSource.system(), told));
            }
        }
        return listeners;
    }

    /** What is told of the plugins of each decision. */
    PluginWatch pluginWatch() {
        return tracing.map(spans -> spans.plugins(config.pluginTypes(), Adapters::epochNanos))
                .orElse(PluginWatch.NONE);
    }

    /** What is told of flow control; asked for once, where there is any. */
    FlowListener flowListener() {
        return new SloFlow(slos, metrics.flow(flags.pool()));
    }

    private static long epochNanos() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /** What looks at the streams of the ext_proc port, outermost first. */
    List<ServerInterceptor> interceptors() {
        List<ServerInterceptor> all = new ArrayList<>();
        all.add(metrics.streams(observe.streamMetrics, nanoClock));
        tracing.ifPresent(spans -> all.add(spans.streams()));
        return all;
    }

    /** What is told of the protocol. */
    ExtProcListener extProcListener() {
        return new ProtocolEvents(metrics);
    }

    /** Gauges of flow control. */
    void watch(FlowControl flow, Supplier<PoolSaturation> saturation) {
        metrics.watch(flow, config.scheduling().detector().type(), saturation);
    }

    /** Starts what feeds the fleet and the model, and the page that shows it. */
    void feed(EndpointPicker picker) throws IOException {
        if (flags.sloFile != null) {
            lifetimes.opened(SloFile.start(flags.sloFile, slos, metrics.slos()));
        }
        pool.start(lifetimes);
        Reachability reachability = flags.outlierEjection ? ejection : Reachability.NONE;
        lifetimes.opened(Scraper.start(fleet, prefixes, reachability, scrapeSettings(), nanoClock, metrics.scraping()));
        new ModelFeed(flags, kafka(), metrics, lifetimes)
                .start(picker, config.scheduling().policy().objective());
        metrics.watch(fleet, flags.pool());
        metrics.watch(ejection);
        metrics.watch(slos);
        metrics.watch(prefixes);
        pages(picker);
    }

    private void pages(EndpointPicker picker) throws IOException {
        Map<String, Page> pages = new HashMap<>();
        Page state = new StatePage(flags.pool(), fleet, prefixes, picker, nanoClock);
        pages.put("/metrics", MetricsServer.text(metrics::page));
        pages.put("/debug/plugins/state", state);
        pages.put("/debug/presage", state);
        pages.put("/debug/slo", new SloPage(slos));
        if (observe.profiles) {
            pages.put("/debug/jfr", new FlightPage());
        }
        var address = new InetSocketAddress(bindAddress, observe.metricsPort);
        page = lifetimes.opened(MetricsServer.start(address, observe.metricsTls(), pool.metricsAccess(), pages));
        LOG.info("metrics on port {}", metricsPort());
    }

    int metricsPort() {
        return page == null ? 0 : page.port();
    }

    private ScrapeSettings scrapeSettings() {
        Duration asked = flags.scrapeInterval;
        if (asked == null) {
            return config.scrape();
        }
        Duration least = ScrapeSettings.MIN_INTERVAL;
        return config.scrape().every(asked.compareTo(least) < 0 ? least : asked);
    }

    private @Nullable KafkaConnection kafka() {
        if (flags.bootstrapServers.isBlank()) {
            return null;
        }
        KafkaConnection connection = KafkaConnection.to(flags.bootstrapServers);
        return flags.kafkaProperties == null ? connection : connection.withFile(flags.kafkaProperties);
    }

    @Override
    public void close() {
        lifetimes.close();
    }
}
