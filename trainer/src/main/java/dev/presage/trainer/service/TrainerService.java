package dev.presage.trainer.service;

import dev.presage.pipeline.eventlog.LogConsumer;
import dev.presage.pipeline.eventlog.LogPosition;
import dev.presage.pipeline.eventlog.SampleLog;
import dev.presage.pipeline.eventlog.StartFrom;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.Topic;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.BundleWriter;
import dev.presage.store.bundle.TrainingWindow;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.trainer.learn.TrainedPredictor;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns one pool: rebuilds the window from the sample log, follows it, trains when due, publishes and promotes. Kafka and the
 * store may be away at any time: samples wait in Kafka, a finished bundle waits for the store (only the newest does).
 *
 * <p>Owns the thread {@code presage-trainer-<pool>}, ended by {@link #close}. At most {@value #QUEUE} samples wait between the
 * log's thread and the training one.
 */
public final class TrainerService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainerService.class);
    private static final int QUEUE = 10_000;
    private static final long IDLE_MS = 200;
    private static final long STORE_RETRY_MS = 1_000;
    /** Samples come in bursts: one that has begun is learned from whole, if it ends within {@value #LONGEST_BURST_MS} ms. */
    private static final long QUIET_MS = 50;

    private static final long LONGEST_BURST_MS = 500;

    /** A sample, or, with null, the news that the log was read to its end. */
    private record Item(@Nullable Sample sample, LogPosition position) {}

    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Map<Integer, long[]> offsets = new TreeMap<>();
    private final LearningLoop loop;
    private final Publisher publisher;
    private final LastChampion lastChampion;
    private final Bundler bundler;
    private final InstantSource clock;
    private final TrainerListener listener;
    private final SampleLog log;
    private final Thread thread;
    private volatile boolean closed;
    private boolean caughtUp;
    /** What the store says of the champion decides what learning starts from; without the store no model could serve either. */
    private boolean storeAsked;

    private long nextAskMs;
    private @Nullable BundleArchive unpublished;
    private Map<String, String> evidence = Map.of();
    private long nextPublishMs;
    /** A training is followed by as much rest as it took. */
    private long restUntilMs;

    private long dueSinceMs = Long.MAX_VALUE;

    private TrainerService(
            KafkaConnection kafka,
            ModelRegistry registry,
            BundleReader reader,
            String pool,
            LearningLoop loop,
            InstantSource clock,
            TrainerListener listener) {
        this.loop = loop;
        this.clock = clock;
        this.listener = listener;
        publisher = new Publisher(registry, pool, "trainer");
        lastChampion = new LastChampion(registry, reader, pool);
        bundler = new Bundler(BundleWriter.unsigned(), pool, "presage trainer");
        thread = Thread.ofPlatform().name("presage-trainer-" + pool).unstarted(this::run);
        log = SampleLog.follow(kafka, pool, StartFrom.last(400_000), new Feed());
    }

    /**
     * Starts learning in the background; returns at once.
     *
     * @param reader verifies the champion that learning goes on from
     */
    public static TrainerService start(
            KafkaConnection kafka,
            ModelRegistry registry,
            BundleReader reader,
            String pool,
            LearningLoop loop,
            InstantSource clock,
            TrainerListener listener) {
        TrainerService service = new TrainerService(kafka, registry, reader, pool, loop, clock, listener);
        service.thread.start();
        return service;
    }

    /** Ends both threads; a training under way is finished first. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        log.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                Item item = queue.poll(dueSinceMs == Long.MAX_VALUE ? IDLE_MS : QUIET_MS, TimeUnit.MILLISECONDS);
                if (item != null) {
                    take(item);
                }
                askStoreIfDue();
                if (caughtUp && storeAsked && queue.isEmpty()) {
                    trainIfDue(item == null);
                }
                publishIfAny();
            } catch (InterruptedException e) {
                // Only close interrupts.
                return;
            } catch (RuntimeException e) {
                LOG.error("training failed; going on with the next samples", e);
                listener.failed();
            }
        }
    }

    private void askStoreIfDue() {
        if (storeAsked || clock.millis() < nextAskMs) {
            return;
        }
        try {
            switch (lastChampion.ask()) {
                case LastChampion.Answer.Found found -> {
                    loop.inherit(found.champion());
                    listener.inherited(found.champion());
                }
                case LastChampion.Answer.Cold cold -> listener.startedCold(cold.code(), cold.message());
            }
            storeAsked = true;
        } catch (IOException e) {
            LOG.warn("the store is away, training waits for what it says of the champion: {}", e.toString());
            nextAskMs = clock.millis() + STORE_RETRY_MS;
        }
    }

    /** {@code quiet}: no sample has come for a moment. */
    private void trainIfDue(boolean quiet) {
        long now = clock.millis();
        if (now < restUntilMs || !loop.isDue(now)) {
            dueSinceMs = Long.MAX_VALUE;
            return;
        }
        dueSinceMs = Math.min(dueSinceMs, now);
        if (quiet || now - dueSinceMs >= LONGEST_BURST_MS) {
            dueSinceMs = Long.MAX_VALUE;
            loop.trainIfDue(now).ifPresent(this::bundle);
            long ended = clock.millis();
            restUntilMs = ended + (ended - now);
        }
    }

    private void take(Item item) {
        if (item.sample() == null) {
            caughtUp = true;
            listener.rebuilt(loop.windowSize());
            return;
        }
        long[] range = offsets.computeIfAbsent(item.position().partition(), partition ->
                new long[] {item.position().offset(), 0});
        range[1] = item.position().offset() + 1;
        if (!loop.offer(item.sample())) {
            listener.unusable();
        }
    }

    private void bundle(LearningLoop.Training training) {
        if (!training.isToServe()) {
            listener.trained(training.predictor());
            training.standing().ifPresent(listener::heldBack);
            return;
        }
        List<TrainingWindow.Range> ranges = offsets.entrySet().stream()
                .map(entry -> new TrainingWindow.Range(
                        Topic.SAMPLES.topicName(), entry.getKey(), entry.getValue()[0], entry.getValue()[1]))
                .toList();
        long from = Math.min(training.fromMs(), training.toMs());
        long to = Math.max(training.fromMs(), training.toMs());
        TrainingWindow window =
                new TrainingWindow(ranges, from, to, training.samples().size());
        unpublished = bundler.bundle(
                training.predictor(),
                training.samples(),
                window,
                publisher.champion().orElse(null),
                clock.millis());
        evidence = evidence(training);
        nextPublishMs = 0;
        listener.trained(training.predictor());
    }

    private void publishIfAny() {
        BundleArchive archive = unpublished;
        if (archive == null || clock.millis() < nextPublishMs) {
            return;
        }
        try {
            switch (publisher.publish(archive, evidence)) {
                case Publisher.Result.Serving serving -> listener.published(serving.bundle());
                case Publisher.Result.Candidate candidate ->
                    LOG.info("{} stays a candidate: {}", candidate.bundle(), candidate.why());
                case Publisher.Result.Refused refused -> {
                    LOG.warn("the store refused {}: {}", archive.id(), refused.why());
                    listener.failed();
                }
            }
            unpublished = null;
        } catch (IOException e) {
            LOG.warn("the store is away, the newest model waits: {}", e.toString());
            nextPublishMs = clock.millis() + STORE_RETRY_MS;
        }
    }

    private static Map<String, String> evidence(LearningLoop.Training training) {
        TrainedPredictor predictor = training.predictor();
        Map<String, String> figures = new TreeMap<>();
        training.standing()
                .filter(standing -> standing.judged() > 0)
                .ifPresent(standing -> figures.put("after a restart", standing.toString()));
        figures.put("samples", Integer.toString(predictor.samples()));
        predictor
                .fits()
                .forEach((target, fit) -> figures.put(
                        target + " median error",
                        Double.toString(fit.evidence().overall().medianError())));
        return figures;
    }

    private final class Feed implements LogConsumer<Sample> {
        @Override
        public void onRecord(Sample sample, LogPosition position) {
            put(new Item(sample, position));
        }

        @Override
        public void onCaughtUp() {
            put(new Item(null, new LogPosition(0, 0)));
        }

        /** Waits for room: the log's reader may fall behind, Kafka keeps what it has not read. */
        private void put(Item item) {
            try {
                while (!closed && !queue.offer(item, IDLE_MS, TimeUnit.MILLISECONDS)) {
                    // Full: try again until closed.
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
