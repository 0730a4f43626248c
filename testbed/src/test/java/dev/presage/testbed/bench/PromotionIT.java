package dev.presage.testbed.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.broker.BrokerSettings;
import dev.presage.pipeline.broker.EmbeddedBroker;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.TopicCreator;
import dev.presage.router.EndpointPicker;
import dev.presage.router.Routing;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.model.BundleSource;
import dev.presage.router.model.ModelListener;
import dev.presage.router.model.ModelWatcher;
import dev.presage.router.observe.EndCause;
import dev.presage.router.pick.Ladder;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.BundleWriter;
import dev.presage.store.bundle.GoldenRecorder;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.bundle.TrainerRun;
import dev.presage.store.bundle.TrainingWindow;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.predict.Predictor;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolChange;
import dev.presage.store.registry.RollbackRequest;
import dev.presage.store.service.AliasAnnouncer;
import dev.presage.store.service.StoreClient;
import dev.presage.store.service.StoreServer;
import dev.presage.store.service.StoreSettings;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainedPredictor;
import dev.presage.trainer.learn.TrainerSettings;
import dev.presage.trainer.learn.TrainingSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a promotion answered by the store to the model deciding on three routers, over HTTP and Kafka, under traffic; prints how long. */
class PromotionIT {
    private static final BundleReader READER = new BundleReader(TrustPolicy.anyone());
    private static final String POOL = "speed";
    private static final int ROUNDS = 10;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    @TempDir
    Path root;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<EndpointPicker> routers = new ArrayList<>();
    private final AtomicLong lastMove = new AtomicLong(Long.MIN_VALUE / 2);
    private final AtomicLong calmDecisions = new AtomicLong();
    private DirectoryRegistry registry;
    private StoreClient operator;
    private long revision;

    @BeforeEach
    void start() throws IOException {
        EmbeddedBroker broker = own(EmbeddedBroker.start(BrokerSettings.of(root.resolve("kafka"), 0)));
        KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
        TopicCreator.createMissing(kafka, Duration.ofSeconds(30));
        registry = own(DirectoryRegistry.open(root.resolve("store"), READER, 50, InstantSource.system()));
        AliasAnnouncer announcer = own(AliasAnnouncer.start(kafka));
        StoreServer server =
                own(StoreServer.start(StoreSettings.loopback(0), registry, announcer, InstantSource.system()));
        operator = own(new StoreClient(server.base(), Optional.empty(), Duration.ofSeconds(30)));
        for (int i = 0; i < 3; i++) {
            EndpointPicker picker = picker();
            StoreClient client = own(new StoreClient(server.base(), Optional.empty(), Duration.ofSeconds(30)));
            own(ModelWatcher.start(
                    POOL,
                    BundleSource.of(client),
                    kafka,
                    READER,
                    root.resolve("router-" + i),
                    Duration.ofSeconds(5),
                    picker::serve,
                    ModelListener.NONE));
            routers.add(picker);
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void promotionAndRollbackReachThreeRouters() throws Exception {
        BundleArchive one = trained(1);
        BundleArchive two = trained(2);
        registry.publish(POOL, one.bytes(), "test");
        registry.publish(POOL, two.bytes(), "test");
        until(one.id(), new MoveRequest(POOL, Alias.CHAMPION, one.id(), revision, "test", "first", Map.of()));
        AtomicBoolean stop = new AtomicBoolean();
        List<Long> calm = new ArrayList<>();
        List<Long> moving = new ArrayList<>();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        Thread traffic = Thread.ofPlatform()
                .name("test-traffic")
                .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
                .start(() -> route(stop, calm, moving));
        awaitCalm(traffic);
        List<Long> promotions = new ArrayList<>();
        List<Long> rollbacks = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            promotions.add(until(
                    two.id(), new MoveRequest(POOL, Alias.CHAMPION, two.id(), revision, "test", "next", Map.of())));
            awaitCalm(traffic);
            rollbacks.add(until(one.id(), new RollbackRequest(POOL, revision, "test", "back", Map.of())));
            awaitCalm(traffic);
        }
        stop.set(true);
        traffic.join();
        assertEquals(List.of(), failures);
        assertTrue(!calm.isEmpty() && !moving.isEmpty(), calm.size() + " and " + moving.size() + " decisions");
        print("promotion to serving on 3 routers", promotions, 1e6, "ms");
        print("rollback to serving on 3 routers", rollbacks, 1e6, "ms");
        print("decisions within 200 ms of a move", moving, 1e3, "us");
        print("other decisions", calm, 1e3, "us");
        System.out.printf(
                "%d decisions, none failed; near a move against otherwise: median %.2f, 90 %% %.2f, 99 %% %.2f times as long%n",
                calm.size() + moving.size(),
                ratio(moving, calm, 0.5),
                ratio(moving, calm, 0.9),
                ratio(moving, calm, 0.99));
    }

    private static double ratio(List<Long> some, List<Long> others, double level) {
        return (double) quantile(some, level) / quantile(others, level);
    }

    private static long quantile(List<Long> nanos, double level) {
        return nanos.stream()
                .sorted()
                .skip((long) (level * (nanos.size() - 1)))
                .findFirst()
                .orElseThrow();
    }

    /** Some traffic with nothing moving, to compare with. */
    private void awaitCalm(Thread traffic) {
        long start = System.nanoTime();
        long from = calmDecisions.get();
        while (calmDecisions.get() < from + 150) {
            assertTrue(traffic.isAlive() && System.nanoTime() - start < PATIENCE_NANOS, "no traffic");
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Asks the store for the change and gives the nanoseconds until all routers decide with the bundle. */
    private long until(BundleId bundle, PoolChange change) throws IOException {
        long start = System.nanoTime();
        lastMove.set(start);
        assertInstanceOf(ChangeOutcome.Changed.class, operator.change(change));
        revision++;
        for (EndpointPicker router : routers) {
            while (!serves(router, bundle)) {
                assertTrue(System.nanoTime() - start < PATIENCE_NANOS, "a router never served " + bundle);
                LockSupport.parkNanos(500_000);
            }
        }
        long took = System.nanoTime() - start;
        lastMove.set(System.nanoTime());
        return took;
    }

    private static boolean serves(EndpointPicker router, BundleId bundle) {
        ServingModel serving = router.serving();
        return serving != null && serving.bundleId().equals(bundle.value());
    }

    /** Each request ends well, whatever is swapped meanwhile. */
    private void route(AtomicBoolean stop, List<Long> calm, List<Long> moving) {
        for (int i = 0; !stop.get(); i++) {
            InferenceRequest request = new InferenceRequest(
                    "r" + i, "client", "m", "m", Api.CHAT, 1_000, new long[] {i % 50}, 10, true, 0, Map.of());
            long start = System.nanoTime();
            Routing routing = routers.get(i % routers.size()).route(request, endpoint -> true);
            long took = System.nanoTime() - start;
            Routing.Started started = assertInstanceOf(Routing.Started.class, routing);
            assertEquals("learned", started.decision().choice().policy());
            started.exchange().responseStarted(200, true);
            started.exchange().end(EndCause.COMPLETED);
            boolean isMoving = start - lastMove.get() < 200_000_000;
            (isMoving ? moving : calm).add(took);
            calmDecisions.addAndGet(isMoving ? 0 : 1);
            LockSupport.parkNanos(500_000);
        }
    }

    private static EndpointPicker picker() {
        Fleet fleet = new Fleet();
        List<Endpoint> members = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            members.add(new Endpoint(
                    "default/e" + i + "-rank-0", "10.0.0." + (i + 1), 8000, Map.of("accelerator", "class-" + i % 2)));
        }
        fleet.replace(members);
        for (Endpoint endpoint : members) {
            fleet.signals(endpoint.id(), new EngineSignals(0, 0, 0, 16, 100_000, Set.of(), System.nanoTime()));
        }
        Random random = new Random(1);
        return new EndpointPicker(
                fleet,
                new ApproximatePrefixIndex(1 << 16),
                new Ladder(
                        Ladder.DEFAULT.lower(),
                        Ladder.DEFAULT.objective(),
                        Ladder.DEFAULT.exploration(),
                        Duration.ofDays(100_000),
                        true),
                List.of(),
                System::nanoTime,
                InstantSource.system(),
                () -> random,
                Duration.ofHours(1));
    }

    private static BundleArchive trained(long seed) {
        TrainingSet samples = new SyntheticSamples(seed, ProcessorClient.FIRST_TOKEN_MS).draw(1_500);
        TrainedPredictor trained = new PredictorTrainer(TrainerSettings.DEFAULT.withSeed(seed))
                .train(samples)
                .orElseThrow();
        GoldenRecorder golden = new GoldenRecorder(Predictor.compile(trained.compiled()));
        for (int i = 0; i < 64; i++) {
            golden.add(samples.row(i), samples.endpointClass(i));
        }
        ModelMetrics none = new ModelMetrics(
                new ModelMetrics.Slice("all", ModelMetrics.Accuracy.NONE, ModelMetrics.Accuracy.NONE), List.of());
        ModelCard card = new ModelCard(
                null,
                POOL,
                new TrainingWindow(List.of(), 1, 2, samples.size()),
                new TrainerRun(Map.of(), seed, ""),
                none,
                List.of(),
                "test",
                seed);
        return BundleWriter.unsigned().write(card, trained.compiled(), golden.rows(), Map.of());
    }

    private static void print(String what, List<Long> nanos, double unit, String name) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        int last = sorted.size() - 1;
        System.out.printf(
                "%s, %d: median %.1f %s, 99 %% within %.1f %s, worst %.1f %s%n",
                what,
                sorted.size(),
                sorted.get(last / 2) / unit,
                name,
                sorted.get((int) (0.99 * last)) / unit,
                name,
                sorted.get(last) / unit,
                name);
    }

    private <T extends AutoCloseable> T own(T resource) {
        open.add(resource);
        return resource;
    }
}
