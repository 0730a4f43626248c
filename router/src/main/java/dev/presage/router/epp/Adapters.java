package dev.presage.router.epp;

import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.router.EndpointPicker;
import dev.presage.router.config.EndpointsFileConfig;
import dev.presage.router.config.RouterConfig;
import dev.presage.router.debug.FlightPage;
import dev.presage.router.debug.SloPage;
import dev.presage.router.debug.StatePage;
import dev.presage.router.discovery.FileDiscovery;
import dev.presage.router.discovery.SloFile;
import dev.presage.router.discovery.kubernetes.ApiClient;
import dev.presage.router.discovery.kubernetes.KubernetesAccess;
import dev.presage.router.discovery.kubernetes.KubernetesDiscovery;
import dev.presage.router.discovery.kubernetes.KubernetesSettings;
import dev.presage.router.eject.EjectionRules;
import dev.presage.router.eject.OutlierEjection;
import dev.presage.router.eject.Reachability;
import dev.presage.router.eject.Rotation;
import dev.presage.router.envoy.ExtProcListener;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.flow.FlowControl;
import dev.presage.router.flow.FlowListener;
import dev.presage.router.flow.PoolSaturation;
import dev.presage.router.kafka.EventLog;
import dev.presage.router.kafka.EventLogSettings;
import dev.presage.router.kafka.PeerLog;
import dev.presage.router.metrics.MetricsAccess;
import dev.presage.router.metrics.MetricsServer;
import dev.presage.router.metrics.Page;
import dev.presage.router.metrics.RouterMetrics;
import dev.presage.router.model.BundleSource;
import dev.presage.router.model.ModelSeats;
import dev.presage.router.model.ModelWatcher;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.peer.FlightReporter;
import dev.presage.router.peer.PeerFlights;
import dev.presage.router.pool.PoolRules;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.prefix.PrefixIndex;
import dev.presage.router.scrape.ScrapeSettings;
import dev.presage.router.scrape.Scraper;
import dev.presage.router.slo.SloBook;
import dev.presage.router.trace.Tracing;
import dev.presage.store.service.StoreClient;
import dev.presage.store.service.StoreCredentials;
import io.grpc.ServerInterceptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything around the core that has a socket, a file or a thread: what listens to decisions, then what feeds the fleet and the
 * model. Closed in reverse order; one that fails to close does not keep the others open.
 */
final class Adapters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Adapters.class);
    private static final String VERSION = "0.1.0";
    private static final Duration MODEL_POLL = Duration.ofSeconds(5);
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(10);

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
    private @Nullable MetricsServer page;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private MetricsAccess metricsAccess = MetricsAccess.ANYONE;
    private volatile @Nullable KubernetesDiscovery kubernetes;

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
        open.push(metrics);
        this.tracing = observe.tracing ? Tracing.start(System.getenv()) : Optional.empty();
        tracing.ifPresent(open::push);
        this.fleet = fleet;
        this.prefixes = prefixes;
        this.nanoClock = nanoClock;
        slos = new SloBook(
                flags.pool(),
                InstantSource.system(),
                config.scheduling().policy().aim());
        ejection = new OutlierEjection(fleet, EjectionRules.DEFAULT, nanoClock, random, metrics.ejections());
    }

    /** Which endpoints are fit to be sent requests. */
    Rotation rotation() {
        return flags.outlierEjection ? ejection : Rotation.ALL;
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
            EventLog log = opened(EventLog.start(
                    EventLogSettings.of(flags.routerId, flags.pool(), flags.dataDir.resolve("spool")),
                    kafka,
                    nanoClock,
                    metrics.eventLog()));
            metrics.watch(log);
            listeners.add(log);
            if (flags.shareInFlight) {
                PeerFlights peers = new PeerFlights(fleet, prefixes, nanoClock, InstantSource.system());
                PeerLog told = opened(PeerLog.start(kafka, flags.routerId, flags.pool(), peers));
                listeners.add(new FlightReporter(InstantSource.system(), told));
            }
        }
        return listeners;
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
            opened(SloFile.start(flags.sloFile, slos, metrics.slos()));
        }
        endpoints();
        Reachability reachability = flags.outlierEjection ? ejection : Reachability.NONE;
        opened(Scraper.start(fleet, prefixes, reachability, scrapeSettings(), nanoClock, metrics.scraping()));
        model(picker);
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
        page = opened(MetricsServer.start(address, observe.metricsTls(), metricsAccess, pages));
        LOG.info("metrics on port {}", metricsPort());
    }

    int metricsPort() {
        return page == null ? 0 : page.port();
    }

    private void endpoints() {
        if (flags.endpointsFile != null) {
            opened(FileDiscovery.start(flags.endpointsFile, true, this::discovered, metrics.discovery()));
        } else if (config.endpointsFile().isPresent()) {
            EndpointsFileConfig file = config.endpointsFile().get();
            opened(FileDiscovery.start(file.path(), file.watch(), this::discovered, metrics.discovery()));
        } else {
            flags.pool
                    .settings(flags.routerId + "_" + UUID.randomUUID())
                    .ifPresentOrElse(
                            this::kubernetes,
                            () -> LOG.warn("no --pool-name, --endpoint-selector, --endpoints-file or file-discovery:"
                                    + " the pool is empty and every request is refused"));
        }
    }

    private void kubernetes(KubernetesSettings asked) {
        KubernetesSettings settings = config.gates().haPopulateNonLeaderDatastore() ? asked : asked.coldStandby();
        ApiClient client = opened(ApiClient.of(flags.pool.kubeconfig, metrics.discovery()));
        kubernetes = opened(KubernetesDiscovery.start(
                client, settings, this::discovered, fleet::adapters, metrics.discovery(), slos, metrics.slos()));
        if (flags.pool.metricsAuth) {
            metricsAccess = new KubernetesAccess(client);
        }
    }

    /** Objectives and rewrites of the pool, as last known; none without Kubernetes. Any thread. */
    PoolRules rules() {
        KubernetesDiscovery known = kubernetes;
        return known == null ? PoolRules.NONE : known.rules();
    }

    private void model(EndpointPicker picker) throws IOException {
        KafkaConnection kafka = kafka();
        BundleSource store = flags.modelStore.isBlank() ? null : store(flags.modelStore);
        if (kafka != null || store != null) {
            ModelWatcher watcher = opened(ModelWatcher.start(
                    flags.pool(),
                    store,
                    kafka,
                    flags.bundleReader(),
                    flags.dataDir.resolve("model"),
                    MODEL_POLL,
                    seats(picker),
                    metrics.models()));
            picker.contenders(flags.canaryShare, config.scheduling().policy().objective(), (bundle, stop) -> {
                LOG.warn(
                        "canary {} is stopped by guardrail {}: {}",
                        bundle,
                        stop.guardrail().label(),
                        stop.text());
                metrics.stopped(stop);
                watcher.reject(
                        bundle,
                        "router " + flags.routerId,
                        "guardrail " + stop.guardrail().label() + ": " + stop.text());
            });
        }
    }

    private static ModelSeats seats(EndpointPicker picker) {
        return new ModelSeats() {
            @Override
            public void serve(@Nullable ServingModel model) {
                picker.serve(model);
            }

            @Override
            public void challenge(@Nullable ServingModel model) {
                picker.challenge(model);
            }

            @Override
            public void trial(@Nullable ServingModel model) {
                picker.trial(model);
            }
        };
    }

    private BundleSource store(String place) throws IOException {
        if (place.startsWith("http://") || place.startsWith("https://")) {
            StoreCredentials credentials = StoreCredentials.read(flags.modelStoreToken, flags.modelStoreAuthorities);
            return BundleSource.of(opened(new StoreClient(URI.create(place), credentials, STORE_TIMEOUT)));
        }
        return BundleSource.of(Path.of(place));
    }

    private void discovered(List<Endpoint> endpoints) {
        fleet.replace(endpoints);
        prefixes.retain(endpoints);
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

    /** Whether the pool is known and this router the one to serve it, so that requests can be answered. */
    boolean ready() {
        KubernetesDiscovery known = kubernetes;
        return known == null
                ? !fleet.endpoints().isEmpty()
                : known.synced() && known.leads() && Protocols.match(known.appProtocol(), config.parsers());
    }

    /** The router drains: another one may lead from now on. */
    void resign() {
        KubernetesDiscovery known = kubernetes;
        if (known != null) {
            known.resign();
        }
    }

    private <T extends AutoCloseable> T opened(T adapter) {
        open.push(adapter);
        return adapter;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            AutoCloseable last = open.pop();
            try {
                last.close();
            } catch (Exception e) {
                LOG.warn("closing {}", last, e);
            }
        }
    }
}
