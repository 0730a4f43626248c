package dev.presage.router.epp;

import dev.presage.router.EndpointPicker;
import dev.presage.router.config.RouterConfig;
import dev.presage.router.envoy.ExtProcService;
import dev.presage.router.envoy.ExtProcSettings;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.prefix.PrefixIndex;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: core, adapters and ports of one router. Started on the main thread; {@link #drain} and {@link #close}
 * come from the thread that ends the process.
 */
final class EppServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EppServer.class);
    /** Of an engine that does not say how much its KV cache holds. */
    private static final long DEFAULT_CACHE_TOKENS = 31_250L * 64;

    private final Adapters adapters;
    private final GrpcPorts ports;
    private final CountDownLatch closing;
    private volatile boolean draining;

    private EppServer(Adapters adapters, ServingFlags serving, ExtProcService service)
            throws IOException, GeneralSecurityException {
        this.adapters = adapters;
        this.closing = new CountDownLatch(1);
        this.ports = GrpcPorts.open(serving, service, this::ready, InstantSource.system());
    }

    static EppServer start(ServingFlags serving, FleetFlags flags) throws IOException, GeneralSecurityException {
        RouterConfig config = flags.config();
        config.warnings().forEach(LOG::warn);
        LongSupplier nanoClock = System::nanoTime;
        InstantSource wallClock = InstantSource.system();
        Identities identities = new Identities();
        Fleet fleet = new Fleet();
        PrefixIndex prefixes = new ApproximatePrefixIndex(DEFAULT_CACHE_TOKENS);
        Adapters adapters = new Adapters(serving.bindAddress, flags, config, fleet, prefixes, nanoClock, identities::random);
        try {
            EndpointPicker picker = new EndpointPicker(
                    fleet,
                    prefixes,
                    config.policy().ladder(),
                    adapters.listeners(),
                    nanoClock,
                    wallClock,
                    identities::random,
                    flags.maxSignalAge,
                    adapters.rotation());
            adapters.feed(picker);
            ExtProcService service = new ExtProcService(
                    picker,
                    new ExtProcSettings(!serving.ignoreSubset, serving.emitScores, serving.maxHeld),
                    adapters.extProcListener(),
                    nanoClock,
                    identities);
            EppServer server = new EppServer(adapters, serving, service);
            LOG.info(
                    "serving ext_proc on {}:{} ({}), health on {}",
                    serving.bindAddress,
                    server.ports.processorPort(),
                    serving.secureServing ? "TLS" : "plaintext",
                    server.ports.healthPort());
            return server;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            adapters.close();
            throw e;
        }
    }

    private boolean ready() {
        return !draining && adapters.ready();
    }

    /** Not ready from now on, but serving for as long: gateways need time to see it. */
    void drain(Duration patience) {
        draining = true;
        try {
            if (!patience.isZero()) {
                LOG.info("draining for {}", patience);
                closing.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int processorPort() {
        return ports.processorPort();
    }

    int healthPort() {
        return ports.healthPort();
    }

    @Override
    public void close() {
        closing.countDown();
        ports.close();
        adapters.close();
    }
}
