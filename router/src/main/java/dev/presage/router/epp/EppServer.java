package dev.presage.router.epp;

import dev.presage.router.EndpointPicker;
import dev.presage.router.config.RouterConfig;
import dev.presage.router.envoy.ExtProcService;
import dev.presage.router.envoy.ExtProcSettings;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.prefix.PrefixIndex;
import dev.presage.router.program.Staying;
import dev.presage.router.request.RequestFormats;
import dev.presage.router.request.RequestParser;
import dev.presage.router.slo.SloGate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: core, adapters and ports of one router. Started on the main thread; {@link #drain} and {@link #close}
 * come from the thread that ends the process.
 */
final class EppServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EppServer.class);
    private final Adapters adapters;
    private final Entrance entrance;
    private final GrpcPorts ports;
    private final Drain drain = new Drain(System::nanoTime, Drain.QUIET);

    private EppServer(
            Adapters adapters, Entrance entrance, ServingFlags serving, boolean elects, ExtProcService service)
            throws IOException, GeneralSecurityException {
        this.adapters = adapters;
        this.entrance = entrance;
        this.ports = GrpcPorts.open(
                serving,
                service,
                service::stopping,
                adapters.interceptors(),
                drain,
                new HealthService(this::ready, elects),
                InstantSource.system());
    }

    static EppServer start(ServingFlags serving, FleetFlags flags, ObserveFlags observe)
            throws IOException, GeneralSecurityException {
        RouterConfig config = flags.config();
        config.warnings().forEach(LOG::warn);
        LongSupplier nanoClock = System::nanoTime;
        InstantSource wallClock = InstantSource.system();
        Identities identities = new Identities();
        Fleet fleet = new Fleet();
        PrefixIndex prefixes = new ApproximatePrefixIndex(config.prefixCapacityTokens());
        Adapters adapters = new Adapters(
                serving.bindAddress, flags, observe, config, fleet, prefixes, nanoClock, identities::random);
        Entrance entrance = new Entrance(config, fleet, nanoClock, adapters);
        try {
            List<RoutingListener> listeners = new ArrayList<>(entrance.listeners());
            listeners.addAll(adapters.listeners());
            EndpointPicker picker = new EndpointPicker(
                    fleet,
                    prefixes,
                    new SloGate(
                            adapters.slos(),
                            new Staying(
                                    config.scheduler(adapters.pluginWatch()),
                                    adapters.programs(),
                                    fleet::holds,
                                    adapters.stays())),
                    listeners,
                    nanoClock,
                    wallClock,
                    identities::random,
                    flags.maxSignalAge,
                    adapters.rotation(),
                    adapters.slos()::aim);
            adapters.feed(picker);
            ExtProcService service = new ExtProcService(
                    picker,
                    new ExtProcSettings(
                            !serving.ignoreSubset,
                            serving.emitScores,
                            serving.maxHeld,
                            formats(config),
                            config.replies()),
                    adapters.extProcListener(),
                    nanoClock,
                    identities,
                    adapters.pool()::rules,
                    identities::random,
                    entrance.open(picker));
            EppServer server = new EppServer(adapters, entrance, serving, flags.pool.elects, service);
            LOG.info(
                    "serving ext_proc on {}:{} ({}), health on {}",
                    serving.bindAddress,
                    server.ports.processorPort(),
                    serving.secureServing ? "TLS" : "plaintext",
                    server.ports.healthPort());
            return server;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            entrance.close();
            adapters.close();
            throw e;
        }
    }

    private static RequestFormats formats(RouterConfig config) {
        return new RequestFormats(
                config.parsers().stream()
                        .flatMap(type -> RequestParser.ofType(type).stream())
                        .toList(),
                config.media());
    }

    private boolean ready() {
        return !drain.draining() && adapters.pool().ready();
    }

    /** Not ready from now on, but serving for as long as gateways may not have seen it, at most {@code patience}. */
    void drain(Duration patience) {
        drain.begin();
        adapters.pool().resign();
        LOG.info("draining for at most {}", patience);
        try {
            drain.await(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** No new streams; the open ones go on to their end, at most {@code patience}. */
    void stop(Duration patience) {
        LOG.info("stopping, open streams have {}", patience);
        ports.stop(patience);
    }

    int processorPort() {
        return ports.processorPort();
    }

    int healthPort() {
        return ports.healthPort();
    }

    int metricsPort() {
        return adapters.metricsPort();
    }

    @Override
    public void close() {
        drain.cut();
        entrance.close();
        ports.close();
        adapters.close();
    }
}
