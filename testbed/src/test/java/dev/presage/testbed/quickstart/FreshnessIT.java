package dev.presage.testbed.quickstart;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.presage.pipeline.broker.BrokerSettings;
import dev.presage.pipeline.broker.EmbeddedBroker;
import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.Topic;
import dev.presage.pipeline.topics.TopicCreator;
import dev.presage.pipeline.window.TrainingWindow;
import dev.presage.pipeline.window.WindowLimits;
import dev.presage.router.model.BundleSource;
import dev.presage.router.model.ModelListener;
import dev.presage.router.model.ModelWatcher;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.service.AliasAnnouncer;
import dev.presage.store.service.StoreClient;
import dev.presage.store.service.StorePages;
import dev.presage.store.service.StoreServer;
import dev.presage.store.service.StoreSettings;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainerSettings;
import dev.presage.trainer.service.LearningLoop;
import dev.presage.trainer.service.RetrainPolicy;
import dev.presage.trainer.service.TrainerListener;
import dev.presage.trainer.service.TrainerService;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints how long a sample takes from the broker to the router that serves a model which learned from it: a real broker, trainer, store
 * over HTTP and watcher, batches of a thousand samples.
 */
class FreshnessIT {
    private static final String POOL = "fresh";
    private static final int BATCH = 1_000;
    private static final int[] WINDOWS = {1_000, 2_000, 3_000, 4_000, 5_000, 20_000, 21_000, 22_000};

    /** A bundle took service. */
    private record Swap(VerifiedBundle bundle, long atNanos) {
        long samples() {
            return bundle.manifest().card().window().partitions().stream()
                    .mapToLong(range -> range.to() - range.from())
                    .sum();
        }
    }

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(7);
    private final BlockingQueue<Swap> swaps = new LinkedBlockingQueue<>();
    private @Nullable Swap serving;

    @Test
    void aSampleIsServedSoonAfterItWasWritten() throws Exception {
        BundleReader reader = new BundleReader(TrustPolicy.anyone());
        List<String> lines = new ArrayList<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.of(directory.resolve("kafka"), 0))) {
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
            TopicCreator.createMissing(kafka, Duration.ofSeconds(30));
            try (DirectoryRegistry registry = DirectoryRegistry.open(
                            directory.resolve("store"), reader, DirectoryRegistry.KEEP, InstantSource.system());
                    AliasAnnouncer announcer = AliasAnnouncer.start(kafka);
                    StoreServer server = StoreServer.start(
                            StoreSettings.loopback(0), registry, announcer, InstantSource.system(), StorePages.NONE);
                    StoreClient store = new StoreClient(server.base(), Optional.empty(), Duration.ofSeconds(10));
                    TrainerService trainer = TrainerService.start(
                            kafka,
                            store,
                            reader,
                            POOL,
                            new LearningLoop(
                                    new TrainingWindow(WindowLimits.DEFAULT),
                                    new PredictorTrainer(TrainerSettings.DEFAULT),
                                    RetrainPolicy.DEFAULT),
                            InstantSource.system(),
                            new TrainerListener() {});
                    ModelWatcher watcher = ModelWatcher.start(
                            POOL,
                            BundleSource.of(store),
                            kafka,
                            reader,
                            directory.resolve("router"),
                            Duration.ofSeconds(5),
                            model -> {},
                            new Swaps());
                    KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                            kafka.producerProperties("fresh"), new StringSerializer(), new ByteArraySerializer())) {
                assertNotNull(trainer);
                assertNotNull(watcher);
                int written = 0;
                for (int window : WINDOWS) {
                    write(producer, window - BATCH - written);
                    if (window > 2 * BATCH) {
                        awaitModelOf(window - 2 * BATCH);
                    }
                    long start = System.nanoTime();
                    write(producer, BATCH);
                    written = window;
                    Swap swap = awaitModelOf(window - BATCH + 1);
                    lines.add(String.format(
                            "%6d samples in the window: a model with %d of the newest %d served after %.0f ms",
                            window, swap.samples() - (window - BATCH), BATCH, (swap.atNanos() - start) / 1e6));
                }
            }
        }
        lines.forEach(System.out::println);
    }

    private void write(KafkaProducer<String, byte[]> producer, int count) {
        for (int i = 0; i < count; i++) {
            producer.send(new ProducerRecord<>(Topic.SAMPLES.topicName(), POOL, EventFormat.SAMPLES.encode(sample())));
        }
        producer.flush();
    }

    /** The model that a router serves as soon as it has seen so many samples, at least one. */
    private Swap awaitModelOf(long samples) throws InterruptedException {
        while (serving == null || serving.samples() < samples) {
            serving = swaps.poll(60, TimeUnit.SECONDS);
            assertNotNull(serving, "no model of " + samples + " samples");
        }
        return serving;
    }

    private Sample sample() {
        float[] row = new float[FeatureSchema.SIZE];
        double prompt = Math.exp(random.nextDouble(4, 9));
        double pending = random.nextInt(4) * Math.exp(random.nextDouble(4, 9));
        row[Feature.PROMPT_TOKENS.ordinal()] = (float) prompt;
        row[Feature.UNCACHED_TOKENS.ordinal()] = (float) (prompt * random.nextDouble());
        row[Feature.PENDING_TOKENS.ordinal()] = (float) pending;
        row[Feature.PENDING_REQUESTS.ordinal()] = pending > 0 ? 1 + random.nextInt(5) : 0;
        row[Feature.DECODING_REQUESTS.ordinal()] = random.nextInt(60);
        row[Feature.KV_USAGE.ordinal()] = (float) random.nextDouble();
        boolean fast = random.nextBoolean();
        double work = 20
                + 0.05
                        * (row[Feature.UNCACHED_TOKENS.ordinal()] + pending)
                        * (1 + row[Feature.DECODING_REQUESTS.ordinal()] / 100);
        double step = 12 + 0.2 * row[Feature.DECODING_REQUESTS.ordinal()];
        Sample.Builder sample = Sample.newBuilder()
                .setSchemaVersion(EventFormat.SCHEMA_VERSION)
                .setPool(POOL)
                .setModel("m")
                .setEndpointClass(fast ? "h100" : "a100")
                .setEndedAtMs(System.currentTimeMillis())
                .setFeatureSchema(FeatureSchema.HASH)
                .setTtftMs((fast ? work : 2 * work) * Math.exp(0.1 * random.nextGaussian()))
                .setTpotMs((fast ? step : 2 * step) * Math.exp(0.1 * random.nextGaussian()))
                .setOutputTokens(1 + random.nextInt(400));
        for (float value : row) {
            sample.addFeatures(value);
        }
        return sample.build();
    }

    private final class Swaps implements ModelListener {
        @Override
        public void swapped(VerifiedBundle bundle) {
            swaps.add(new Swap(bundle, System.nanoTime()));
        }

        @Override
        public void refused(String bundleId, String code) {}

        @Override
        public void unreachable() {}

        @Override
        public void withdrawn() {}
    }
}
