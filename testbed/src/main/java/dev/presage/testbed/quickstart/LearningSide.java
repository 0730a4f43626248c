package dev.presage.testbed.quickstart;

import dev.presage.pipeline.broker.BrokerSettings;
import dev.presage.pipeline.broker.EmbeddedBroker;
import dev.presage.pipeline.join.JoinCounts;
import dev.presage.pipeline.join.JoinSettings;
import dev.presage.pipeline.join.SampleJoin;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.TopicCreator;
import dev.presage.pipeline.window.TrainingWindow;
import dev.presage.pipeline.window.WindowLimits;
import dev.presage.router.EndpointPicker;
import dev.presage.router.kafka.EventLog;
import dev.presage.router.kafka.EventLogListener;
import dev.presage.router.kafka.EventLogSettings;
import dev.presage.router.model.BundleSource;
import dev.presage.router.model.ModelListener;
import dev.presage.router.model.ModelWatcher;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.console.Console;
import dev.presage.store.console.RecentRequests;
import dev.presage.store.console.Routers;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.service.AliasAnnouncer;
import dev.presage.store.service.StoreClient;
import dev.presage.store.service.StoreServer;
import dev.presage.store.service.StoreSettings;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainerSettings;
import dev.presage.trainer.service.LearningLoop;
import dev.presage.trainer.service.RetrainPolicy;
import dev.presage.trainer.service.TrainerListener;
import dev.presage.trainer.service.TrainerService;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Broker, join, model store and trainer, wired as separate processes would be: over Kafka and HTTP, on loopback. */
final class LearningSide implements AutoCloseable {
    static final String POOL = "quickstart";

    private static final Duration TOPICS_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STORE_POLL = Duration.ofSeconds(2);

    private final Owned owned = new Owned();
    private final JoinCounts counts = new JoinCounts();
    private final Path data;
    private final KafkaConnection kafka;
    private final StoreClient store;
    private final URI console;

    private LearningSide(Path data, long seed) throws IOException {
        this.data = data;
        EmbeddedBroker broker = owned.own(EmbeddedBroker.start(BrokerSettings.of(data.resolve("kafka"), 0)));
        kafka = KafkaConnection.to(broker.bootstrapServers());
        TopicCreator.createMissing(kafka, TOPICS_TIMEOUT);
        JoinSettings join = JoinSettings.in(data.resolve("join")).withStore(JoinSettings.Store.MEMORY);
        owned.own(SampleJoin.start(kafka, join, counts));
        DirectoryRegistry registry = owned.own(DirectoryRegistry.open(
                data.resolve("store"), reader(), DirectoryRegistry.KEEP, InstantSource.system()));
        AliasAnnouncer announcer = owned.own(AliasAnnouncer.start(kafka));
        RecentRequests requests = owned.own(RecentRequests.follow(kafka));
        Routers routers = owned.own(new Routers(List.of(), Optional.empty()));
        StoreSettings settings = StoreSettings.loopback(0);
        StoreServer server = owned.own(StoreServer.start(
                settings,
                registry,
                announcer,
                InstantSource.system(),
                Console.pages(registry, reader(), requests, routers, settings.access(), InstantSource.system())));
        console = server.base().resolve("/console");
        store = owned.own(new StoreClient(server.base(), Optional.empty(), STORE_TIMEOUT));
        owned.own(TrainerService.start(
                kafka, store, reader(), POOL, loop(seed), InstantSource.system(), new TrainerListener() {}));
    }

    /** Starts all of it with its data below {@code data}. */
    static LearningSide start(Path data, long seed) throws IOException {
        return new LearningSide(data, seed);
    }

    private static LearningLoop loop(long seed) {
        TrainerSettings base = TrainerSettings.DEFAULT;
        TrainerSettings settings = new TrainerSettings(
                base.quantiles(), base.trees(), base.depth(), base.learningRate(), base.minSamples(), seed);
        return new LearningLoop(
                new TrainingWindow(WindowLimits.DEFAULT), new PredictorTrainer(settings), RetrainPolicy.DEFAULT);
    }

    private static BundleReader reader() {
        return new BundleReader(TrustPolicy.anyone());
    }

    /** A router's event log; the caller closes it before this. */
    EventLog eventLog() {
        return EventLog.start(
                EventLogSettings.of("quickstart-router", POOL, data.resolve("spool")),
                kafka,
                System::nanoTime,
                EventLogListener.NONE);
    }

    /** Keeps the champion in service at {@code picker}; the caller closes it before this. */
    ModelWatcher watch(EndpointPicker picker, ModelListener listener) {
        return ModelWatcher.start(
                POOL,
                BundleSource.of(store),
                kafka,
                reader(),
                data.resolve("router"),
                STORE_POLL,
                picker::serve,
                listener);
    }

    /** The model store's pages. */
    URI console() {
        return console;
    }

    /** Training samples that the join wrote. */
    long samples() {
        return counts.samples();
    }

    @Override
    public void close() {
        owned.close();
    }
}
