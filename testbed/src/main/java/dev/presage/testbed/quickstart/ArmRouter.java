package dev.presage.testbed.quickstart;

import dev.presage.router.EndpointPicker;
import dev.presage.router.eject.EjectionListener;
import dev.presage.router.eject.EjectionRules;
import dev.presage.router.eject.OutlierEjection;
import dev.presage.router.envoy.ExtProcListener;
import dev.presage.router.envoy.ExtProcService;
import dev.presage.router.envoy.ExtProcSettings;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Exploration;
import dev.presage.router.pick.HeuristicPolicy;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.LmetricPolicy;
import dev.presage.router.pick.Objective;
import dev.presage.router.pick.Policy;
import dev.presage.router.predict.Aim;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.scrape.ScrapeListener;
import dev.presage.router.scrape.ScrapeSettings;
import dev.presage.router.scrape.Scraper;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** One arm's router: fleet, scraper, prefix index, picker, and its ext_proc server on an ephemeral loopback port. */
final class ArmRouter implements AutoCloseable {
    private static final Duration MAX_SIGNAL_AGE = Duration.ofSeconds(2);
    // Stands in until the first scrape says what an engine really holds.
    private static final long DEFAULT_KV_TOKENS = 400_000;
    private static final Duration MAX_MODEL_AGE = Duration.ofDays(1);
    private static final LongSupplier NANO_CLOCK = System::nanoTime;

    private final EndpointPicker picker;
    private final Scraper scraper;
    private final ExtProcService service;
    private final Server server;

    private ArmRouter(EndpointPicker picker, Scraper scraper, ExtProcService service, Server server) {
        this.picker = picker;
        this.scraper = scraper;
        this.service = service;
        this.server = server;
    }

    /**
     * Starts routing among {@code endpoints}.
     *
     * @param listeners told of decisions and outcomes; closed by their owner
     */
    static ArmRouter start(Arm arm, List<Endpoint> endpoints, List<RoutingListener> listeners, long seed)
            throws IOException {
        Fleet fleet = new Fleet();
        fleet.replace(endpoints);
        ApproximatePrefixIndex prefixes = new ApproximatePrefixIndex(DEFAULT_KV_TOKENS);
        SplittableRandom seeds = new SplittableRandom(seed);
        Supplier<RandomGenerator> random = perThread(seeds)::get;
        OutlierEjection ejection =
                new OutlierEjection(fleet, EjectionRules.DEFAULT, NANO_CLOCK, random, EjectionListener.NONE);
        List<RoutingListener> told = new ArrayList<>(listeners);
        told.add(ejection);
        EndpointPicker picker = new EndpointPicker(
                fleet,
                prefixes,
                ladder(arm),
                told,
                NANO_CLOCK,
                InstantSource.system(),
                random,
                MAX_SIGNAL_AGE,
                ejection,
                request -> Aim.NONE);
        Scraper scraper =
                Scraper.start(fleet, prefixes, ejection, ScrapeSettings.DEFAULT, NANO_CLOCK, ScrapeListener.NONE);
        ExtProcService service = new ExtProcService(
                picker, ExtProcSettings.DEFAULT, ExtProcListener.NONE, NANO_CLOCK, () -> UUID.randomUUID()
                        .toString());
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .directExecutor()
                .addService(service)
                .build()
                .start();
        return new ArmRouter(picker, scraper, service, server);
    }

    /** A generator of its own for each deciding thread, all from one seed. */
    private static ThreadLocal<RandomGenerator> perThread(SplittableRandom seeds) {
        return ThreadLocal.withInitial(() -> {
            synchronized (seeds) {
                return seeds.split();
            }
        });
    }

    private static Ladder ladder(Arm arm) {
        return switch (arm) {
            case HEURISTIC -> fixed(HeuristicPolicy.DEFAULT);
            case LMETRIC -> fixed(new LmetricPolicy());
            case LEARNED -> Ladder.DEFAULT;
        };
    }

    private static Ladder fixed(Policy policy) {
        return new Ladder(policy, Objective.OWN_LATENCY, Exploration.NONE, MAX_MODEL_AGE, false);
    }

    int port() {
        return server.getPort();
    }

    /** Where a model watch puts new models. */
    EndpointPicker picker() {
        return picker;
    }

    @Override
    public void close() {
        service.stopping();
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        scraper.close();
    }
}
