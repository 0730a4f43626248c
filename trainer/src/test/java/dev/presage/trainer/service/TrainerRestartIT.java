package dev.presage.trainer.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.broker.BrokerSettings;
import dev.presage.pipeline.broker.EmbeddedBroker;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.TopicCreator;
import dev.presage.pipeline.window.TrainingWindow;
import dev.presage.pipeline.window.WindowLimits;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.BundleWriter;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.service.AliasAnnouncer;
import dev.presage.store.service.StoreClient;
import dev.presage.store.service.StorePages;
import dev.presage.store.service.StoreServer;
import dev.presage.store.service.StoreSettings;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainerSettings;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker whose sample log is new, a real store that is down when the trainer starts and that has a champion of better days. */
class TrainerRestartIT {
    private static final long UNTIL_MS = 1_000;

    @TempDir
    Path directory;

    /** What the trainer said, in order: {@code inherited}, {@code held-back}, {@code published}. */
    private final BlockingQueue<Object> said = new LinkedBlockingQueue<>();

    @Test
    void goesOnFromTheChampionAndReplacesItWhenItIsSurelyWorse() throws Exception {
        BundleReader reader = new BundleReader(TrustPolicy.anyone());
        int port = freePort();
        Traffic traffic = new Traffic(2, UNTIL_MS);
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.of(directory.resolve("kafka"), 0));
                DirectoryRegistry registry = DirectoryRegistry.open(
                        directory.resolve("store"), reader, DirectoryRegistry.KEEP, InstantSource.system())) {
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
            TopicCreator.createMissing(kafka, Duration.ofSeconds(30));
            BundleId champion = promoted(registry);
            send(kafka, traffic.samples(150, 1));
            try (StoreClient store = new StoreClient(
                            URI.create("http://127.0.0.1:" + port), Optional.empty(), Duration.ofSeconds(10));
                    TrainerService trainer = TrainerService.start(
                            kafka,
                            store,
                            reader,
                            Traffic.POOL,
                            new LearningLoop(
                                    new TrainingWindow(WindowLimits.DEFAULT),
                                    new PredictorTrainer(TrainerSettings.DEFAULT),
                                    RetrainPolicy.DEFAULT.every(Duration.ofMillis(100))),
                            InstantSource.system(),
                            new Said())) {
                assertNotNull(trainer);
                assertEquals(150, next(Integer.class), "the window is rebuilt without the store");
                try (AliasAnnouncer announcer = AliasAnnouncer.start(kafka);
                        StoreServer server = StoreServer.start(
                                StoreSettings.loopback(port),
                                registry,
                                announcer,
                                InstantSource.system(),
                                StorePages.NONE)) {
                    assertNotNull(server);
                    assertEquals(champion, next(Predecessor.class).bundle());
                    assertEquals(champion, next(Standing.class).champion());
                    assertEquals(
                            Optional.of(champion), registry.pool(Traffic.POOL).bundle(Alias.CHAMPION));

                    BundleId next = null;
                    for (int batch = 0; batch < 10 && next == null; batch++) {
                        send(kafka, traffic.samples(80, 1.8));
                        next = said() instanceof BundleId published ? published : null;
                    }
                    assertNotNull(next, "no model of the changed fleet was published");
                    assertEquals(Optional.of(next), registry.pool(Traffic.POOL).bundle(Alias.CHAMPION));
                    String evidence = registry.audit(Traffic.POOL, 1)
                            .getFirst()
                            .evidence()
                            .get("after a restart");
                    System.out.println("published: " + evidence);
                    assertTrue(evidence != null && evidence.startsWith("champion " + champion), evidence);
                }
            }
        }
    }

    private static BundleId promoted(DirectoryRegistry registry) throws IOException {
        BundleArchive archive = Traffic.champion(BundleWriter.unsigned(), Traffic.POOL, 3_000, UNTIL_MS);
        registry.publish(Traffic.POOL, archive.bytes(), "earlier trainer");
        registry.change(new MoveRequest(
                Traffic.POOL,
                Alias.CHAMPION,
                archive.id(),
                registry.pool(Traffic.POOL).revision(),
                "earlier trainer",
                "retrained on newer samples",
                Map.of()));
        return archive.id();
    }

    private static void send(KafkaConnection kafka, List<Sample> samples) {
        try (KafkaProducer<String, Sample> producer = new KafkaProducer<>(
                kafka.producerProperties("restart"), new StringSerializer(), EventFormat.SAMPLES.serializer())) {
            samples.forEach(sample -> producer.send(EventFormat.SAMPLES.record(sample)));
        }
    }

    private Object said() throws InterruptedException {
        Object event = said.poll(60, TimeUnit.SECONDS);
        assertNotNull(event, "the trainer said nothing");
        return event;
    }

    private <T> T next(Class<T> kind) throws InterruptedException {
        return kind.cast(said());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private final class Said implements TrainerListener {
        @Override
        public void rebuilt(int samples) {
            said.add(samples);
        }

        @Override
        public void inherited(Predecessor champion) {
            said.add(champion);
        }

        @Override
        public void startedCold(String code, String message) {
            said.add(code);
        }

        @Override
        public void heldBack(Standing standing) {
            said.add(standing);
        }

        @Override
        public void published(BundleId bundle) {
            said.add(bundle);
        }
    }
}
