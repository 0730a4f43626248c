package dev.presage.testbed.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.eventlog.LogConsumer;
import dev.presage.pipeline.eventlog.LogPosition;
import dev.presage.pipeline.eventlog.SampleLog;
import dev.presage.pipeline.eventlog.StartFrom;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.router.kafka.EventLog;
import dev.presage.router.kafka.EventLogListener;
import dev.presage.router.kafka.EventLogSettings;
import dev.presage.router.model.BundleSource;
import dev.presage.router.model.ModelListener;
import dev.presage.router.model.ModelWatcher;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.service.StoreClient;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.gateway.Gateway;
import dev.presage.testbed.gateway.Gateways;
import dev.presage.testbed.gateway.Lane;
import dev.presage.testbed.load.ClientSample;
import dev.presage.testbed.load.LoadPlan;
import dev.presage.testbed.load.LoadTarget;
import dev.presage.testbed.load.OpenLoopLoad;
import dev.presage.testbed.trace.Trace;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Broker, join, store and trainer as processes, killed one after the other while traffic flows through a gateway: no request
 * fails, learning goes on when they are back, and every request becomes exactly one sample.
 */
class OutageIT {
    private static final String POOL = "outage";
    private static final double SPEED_UP = 10;
    private static final Duration BROKER_OUTAGE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    private final List<PresageProcess> processes = new ArrayList<>();
    private final Set<String> decided = ConcurrentHashMap.newKeySet();
    private final AtomicInteger swaps = new AtomicInteger();
    private final Map<String, AtomicInteger> sampled = new ConcurrentHashMap<>();

    @Test
    void noRequestFailsAndNoSampleIsLostOrWrittenTwice() throws Exception {
        int kafkaPort = freePort();
        int storePort = freePort();
        String kafka = "127.0.0.1:" + kafkaPort;
        String store = "http://127.0.0.1:" + storePort;
        Queue<ClientSample> answers = new ConcurrentLinkedQueue<>();
        try (PresageProcess broker = start("broker", "--port", "" + kafkaPort, "--data-dir", data.resolve("k") + "");
                PresageProcess models = start(
                        "store",
                        "--bootstrap-servers",
                        kafka,
                        "--port",
                        "" + storePort,
                        "--dir",
                        data.resolve("s") + "");
                PresageProcess join =
                        start("pipeline", "--bootstrap-servers", kafka, "--state-dir", data.resolve("j") + "");
                PresageProcess trainer =
                        start("train", "--bootstrap-servers", kafka, "--store", store, "--pool", POOL);
                ReplicaSet replicas = ReplicaSet.start(fleet(), SPEED_UP);
                EventLog events = eventLog(kafka);
                ArmRouter router =
                        ArmRouter.start(Arm.LEARNED, replicas.endpoints(), List.of(new Decided(), events), 1);
                StoreClient client = new StoreClient(URI.create(store), Optional.empty(), Duration.ofSeconds(5));
                ModelWatcher watch = watch(client, kafka, router);
                Gateway gateway = Gateways.open(List.of(new Lane(POOL, router.port())), null, false, false);
                SampleLog samples = samples(kafka);
                OpenLoopLoad load = new OpenLoopLoad(
                        List.of(new LoadTarget(POOL, gateway.baseUrl(POOL))),
                        ReplicaSet.MODEL,
                        500,
                        answers::add,
                        System::nanoTime)) {
            LoadPlan plan =
                    LoadPlan.replay(Trace.mooncakeConversation(), 0.3 * SPEED_UP, Duration.ofMinutes(10), 6_000);
            Thread sender = Thread.ofPlatform().name("outage-load").daemon().start(() -> load.run(plan));
            await("a first model", 120, () -> swaps.get() >= 1);

            trainer.kill();
            int afterTrainer = decided.size();
            await("traffic without a trainer", 60, () -> decided.size() >= afterTrainer + 50);
            int before = swaps.get();
            trainer.startAgain();
            await("a model from the trainer that came back", 120, () -> swaps.get() > before);

            models.kill();
            int afterStore = decided.size();
            await("traffic without a store", 60, () -> decided.size() >= afterStore + 50);
            int beforeStore = swaps.get();
            models.startAgain();
            await("a model through the store that came back", 180, () -> swaps.get() > beforeStore);

            broker.kill();
            long back = System.nanoTime() + BROKER_OUTAGE.toNanos();
            int afterBroker = decided.size();
            await(
                    "traffic without a broker",
                    180,
                    () -> decided.size() >= afterBroker + 50 && System.nanoTime() >= back);
            int beforeBroker = swaps.get();
            broker.startAgain();
            await("a model from what came after the broker was back", 240, () -> swaps.get() > beforeBroker);

            load.stop();
            sender.join();
            assertTrue(load.drain(Duration.ofMinutes(2)), "requests without an end");
            await("a sample for each decision", 120, () -> sampled.size() >= decided.size());
        }
        assertEquals(List.of(), answers.stream().filter(answer -> !answer.ok()).toList());
        assertEquals(decided.size(), answers.size());
        assertEquals(decided, sampled.keySet());
        assertEquals(
                Set.of(),
                sampled.entrySet().stream()
                        .filter(entry -> entry.getValue().get() != 1)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()),
                "written twice");
    }

    private PresageProcess start(String... arguments) {
        PresageProcess process = PresageProcess.start(data, arguments);
        processes.add(process);
        return process;
    }

    /** The last that each process said. */
    private String logs() {
        return processes.stream()
                .map(PresageProcess::log)
                .map(log -> log.substring(Math.max(0, log.length() - 3_000)))
                .collect(Collectors.joining("\n---\n"));
    }

    private static List<EngineProfile> fleet() {
        EngineProfile fast = EngineProfile.named("h100-llama-2-70b-hf-tp8");
        EngineProfile slow = EngineProfile.named("a100-llama-2-70b-hf-tp4");
        return List.of(fast, fast, slow, slow);
    }

    private EventLog eventLog(String kafka) {
        return EventLog.start(
                EventLogSettings.of("outage-router", POOL, data.resolve("spool")),
                KafkaConnection.to(kafka),
                System::nanoTime,
                EventLogListener.NONE);
    }

    private ModelWatcher watch(StoreClient store, String kafka, ArmRouter router) {
        return ModelWatcher.start(
                POOL,
                BundleSource.of(store),
                KafkaConnection.to(kafka),
                new BundleReader(TrustPolicy.anyone()),
                data.resolve("router"),
                Duration.ofSeconds(1),
                router.picker()::serve,
                new Swaps());
    }

    private SampleLog samples(String kafka) {
        return SampleLog.follow(KafkaConnection.to(kafka), POOL, new StartFrom.Earliest(), new LogConsumer<>() {
            @Override
            public void onRecord(Sample sample, LogPosition position) {
                sampled.computeIfAbsent(sample.getRequestId(), id -> new AtomicInteger())
                        .incrementAndGet();
            }
        });
    }

    private final class Decided implements RoutingListener {
        @Override
        public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
            decided.add(decision.candidates().request().id());
        }

        @Override
        public void ended(Outcome outcome) {}
    }

    private final class Swaps implements ModelListener {
        @Override
        public void swapped(VerifiedBundle bundle) {
            swaps.incrementAndGet();
        }

        @Override
        public void refused(String bundleId, String code) {}

        @Override
        public void unreachable() {}

        @Override
        public void withdrawn() {}
    }

    private void await(String what, int seconds, BooleanSupplier condition) {
        try {
            Awaitility.await(what).atMost(Duration.ofSeconds(seconds)).until(condition::getAsBoolean);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "\n" + logs(), e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
