package dev.presage.router.epp;

import dev.presage.router.config.EndpointsFileConfig;
import dev.presage.router.config.RouterConfig;
import dev.presage.router.discovery.FileDiscovery;
import dev.presage.router.discovery.kubernetes.ApiClient;
import dev.presage.router.discovery.kubernetes.KubernetesAccess;
import dev.presage.router.discovery.kubernetes.KubernetesDiscovery;
import dev.presage.router.discovery.kubernetes.KubernetesSettings;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.metrics.MetricsAccess;
import dev.presage.router.metrics.RouterMetrics;
import dev.presage.router.pool.PoolRules;
import dev.presage.router.prefix.PrefixIndex;
import dev.presage.router.slo.SloBook;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where one router's endpoints and rules come from: a file, or the API server. Started once; asked by any thread. */
final class PoolFeed {
    private static final Logger LOG = LoggerFactory.getLogger(PoolFeed.class);

    private final FleetFlags flags;
    private final RouterConfig config;
    private final Fleet fleet;
    private final PrefixIndex prefixes;
    private final SloBook slos;
    private final RouterMetrics metrics;
    private volatile @Nullable KubernetesDiscovery kubernetes;
    private volatile MetricsAccess metricsAccess = MetricsAccess.ANYONE;

    PoolFeed(
            FleetFlags flags,
            RouterConfig config,
            Fleet fleet,
            PrefixIndex prefixes,
            SloBook slos,
            RouterMetrics metrics) {
        this.flags = flags;
        this.config = config;
        this.fleet = fleet;
        this.prefixes = prefixes;
        this.slos = slos;
        this.metrics = metrics;
    }

    /** From now on the fleet is followed, as long as {@code lifetimes}. */
    void start(Lifetimes lifetimes) {
        if (flags.endpointsFile != null) {
            lifetimes.opened(FileDiscovery.start(flags.endpointsFile, true, this::discovered, metrics.discovery()));
        } else if (config.endpointsFile().isPresent()) {
            EndpointsFileConfig file = config.endpointsFile().get();
            lifetimes.opened(FileDiscovery.start(file.path(), file.watch(), this::discovered, metrics.discovery()));
        } else {
            flags.pool
                    .settings(flags.routerId + "_" + UUID.randomUUID())
                    .ifPresentOrElse(
                            settings -> kubernetes(settings, lifetimes),
                            () -> LOG.warn("no --pool-name, --endpoint-selector, --endpoints-file or file-discovery:"
                                    + " the pool is empty and every request is refused"));
        }
    }

    private void kubernetes(KubernetesSettings asked, Lifetimes lifetimes) {
        KubernetesSettings settings = config.gates().haPopulateNonLeaderDatastore() ? asked : asked.coldStandby();
        ApiClient client = lifetimes.opened(ApiClient.of(flags.pool.kubeconfig, metrics.discovery()));
        kubernetes = lifetimes.opened(KubernetesDiscovery.start(
                client, settings, this::discovered, fleet::adapters, metrics.discovery(), slos, metrics.slos()));
        if (flags.pool.metricsAuth) {
            metricsAccess = new KubernetesAccess(client);
        }
    }

    private void discovered(List<Endpoint> endpoints) {
        fleet.replace(endpoints);
        prefixes.retain(endpoints);
    }

    /** Who may read the metrics. */
    MetricsAccess metricsAccess() {
        return metricsAccess;
    }

    /** Objectives and rewrites of the pool, as last known; none without Kubernetes. */
    PoolRules rules() {
        KubernetesDiscovery known = kubernetes;
        return known == null ? PoolRules.NONE : known.rules();
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
}
