package dev.presage.store.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.broker.BrokerSettings;
import dev.presage.pipeline.broker.EmbeddedBroker;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.TopicCreator;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.evidence.SampleStream;
import dev.presage.store.promotion.PolicyFiles;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.EvidenceKind;
import dev.presage.store.registry.LifecycleState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The automatic policy at a real broker: samples of the log judge one challenger away and make the next one champion. */
class PromotionWatchIT {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path root;

    @Test
    void samplesOfTheLogStopTheWorseAndPromoteTheBetter() throws Exception {
        Files.createDirectories(root.resolve("policies"));
        Files.write(
                root.resolve("policies/chat.yaml"),
                List.of("mode: automatic", "shadow_samples: 400", "canary_samples: 0", "cool_down_seconds: 0"));
        BundleReader reader = new BundleReader(TrustPolicy.anyone());
        List<Map<Alias, BundleId>> told = new CopyOnWriteArrayList<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.of(root.resolve("kafka"), 0));
                DirectoryRegistry registry =
                        DirectoryRegistry.open(root.resolve("store"), reader, 50, InstantSource.system())) {
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
            TopicCreator.createMissing(kafka, Duration.ofSeconds(30));
            BundleId first = publish(registry, 1);
            try (KafkaProducer<String, Sample> producer = new KafkaProducer<>(
                            kafka.producerProperties("test-samples"),
                            new StringSerializer(),
                            EventFormat.SAMPLES.serializer());
                    PromotionWatch watch = PromotionWatch.start(
                            kafka,
                            registry,
                            new PolicyFiles(root.resolve("policies")),
                            reader,
                            InstantSource.system(),
                            changed -> told.add(changed.state().aliases()),
                            Duration.ofMillis(20))) {
                await(() -> holds(registry, Alias.CHAMPION, first));
                BundleId worse = publish(registry, 2);
                await(() -> holds(registry, Alias.CHALLENGER, worse));
                send(producer, first, worse, 0.1, 0.3);
                await(() -> registry.pool("chat").version(worse).orElseThrow().state() == LifecycleState.REJECTED);
                BundleId better = publish(registry, 3);
                await(() -> holds(registry, Alias.CHALLENGER, better));
                send(producer, first, better, 0.3, 0.1);
                await(() -> holds(registry, Alias.CHAMPION, better));
                assertTrue(registry.evidence("chat", worse, EvidenceKind.SHADOW).isPresent());
                assertTrue(registry.audit("chat", 100).stream()
                        .anyMatch(entry -> entry.reason().startsWith("gate better fails")));
                assertEquals(Map.of(Alias.CHAMPION, better, Alias.PREVIOUS, first), told.getLast());
            }
        }
    }

    private static BundleId publish(DirectoryRegistry registry, int number) throws Exception {
        var archive = SampleBundles.archive("chat", number);
        registry.publish("chat", archive.bytes(), "trainer");
        return archive.id();
    }

    private static boolean holds(DirectoryRegistry registry, Alias alias, BundleId bundle) {
        return bundle.equals(registry.pool("chat").aliases().get(alias));
    }

    private static void send(
            KafkaProducer<String, Sample> producer,
            BundleId champion,
            BundleId challenger,
            double championError,
            double challengerError) {
        SampleStream stream = new SampleStream(champion, challenger, 5);
        for (int i = 0; i < 800; i++) {
            producer.send(EventFormat.SAMPLES.record(stream.next(championError, challengerError, 1)));
        }
        producer.flush();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            assertTrue(System.nanoTime() - start < PATIENCE_NANOS, "it never came to that");
            LockSupport.parkNanos(10_000_000);
        }
    }
}
