package dev.presage.router.epp;

import dev.presage.router.bbr.BaseModels;
import dev.presage.router.bbr.BodyRoutingService;
import dev.presage.router.bbr.ConfigMapEntries;
import dev.presage.router.bbr.ConfigMapFiles;
import dev.presage.router.discovery.DiscoveryListener;
import dev.presage.router.discovery.kubernetes.ApiClient;
import dev.presage.router.discovery.kubernetes.ConfigMaps;
import dev.presage.router.metrics.BodyRoutingMetrics;
import dev.presage.router.metrics.MetricsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Body-based routing as a process: its ports, its metrics and the files that it follows. */
final class BbrServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BbrServer.class);
    /** What the ConfigMaps of existing deployments are labelled with. */
    static final String LABEL = "inference.networking.k8s.io/bbr-managed";

    private static final Duration LOOKS = Duration.ofSeconds(2);

    private final BodyRoutingMetrics metrics;
    private final ConfigMapFiles files;
    private final MetricsServer page;
    private final Optional<ApiClient> kubernetes;
    private final Optional<ConfigMaps> configMaps;
    private final GrpcPorts ports;
    private final Drain drain = new Drain(System::nanoTime, Drain.QUIET);

    private BbrServer(BbrFlags flags) throws IOException, GeneralSecurityException {
        // A front of all pools must not be restarted for a new certificate.
        flags.certReload = flags.certPath != null;
        metrics = new BodyRoutingMetrics();
        BaseModels bases = new BaseModels();
        page = MetricsServer.start(new InetSocketAddress(flags.bindAddress, flags.metricsPort), metrics::page);
        files = ConfigMapFiles.follow(flags.configMaps, bases, LOOKS);
        kubernetes = flags.configMapNamespace.isBlank()
                ? Optional.empty()
                : Optional.of(ApiClient.of(flags.kubeconfig, DiscoveryListener.NONE));
        configMaps = kubernetes.map(client -> ConfigMaps.follow(
                client,
                flags.configMapNamespace,
                LABEL,
                "true",
                new ConfigMapEntries(bases)::replace,
                DiscoveryListener.NONE));
        try {
            ports = GrpcPorts.open(
                    flags,
                    new BodyRoutingService(bases, flags.streaming, flags.maxHeld, metrics),
                    () -> {},
                    List.of(),
                    drain,
                    new HealthService(() -> !drain.draining(), false),
                    InstantSource.system());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            closeSources();
            page.close();
            throw e;
        }
    }

    static BbrServer start(BbrFlags flags) throws IOException, GeneralSecurityException {
        BbrServer server = new BbrServer(flags);
        LOG.info("body-based routing on {}:{}", flags.bindAddress, server.ports.processorPort());
        return server;
    }

    int processorPort() {
        return ports.processorPort();
    }

    int healthPort() {
        return ports.healthPort();
    }

    int metricsPort() {
        return page.port();
    }

    /** Not ready, but serving, for at most {@code patience}. */
    void drain(Duration patience) {
        try {
            drain.await(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        drain.cut();
        ports.close();
        closeSources();
        page.close();
        metrics.close();
    }

    private void closeSources() {
        configMaps.ifPresent(ConfigMaps::close);
        kubernetes.ifPresent(ApiClient::close);
        files.close();
    }
}
