package dev.presage.store.service;

import dev.presage.pipeline.eventlog.LogConsumer;
import dev.presage.pipeline.eventlog.SampleLog;
import dev.presage.pipeline.eventlog.StartFrom;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.promotion.PolicyFiles;
import dev.presage.store.promotion.Promoter;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.ModelRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link Promoter} for each pool that has a policy, fed from the sample log. Kafka may be away: nothing is judged meanwhile. Owns the
 * thread {@code presage-promotion} and one reader of the log per pool; {@link #close} ends them.
 */
public final class PromotionWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PromotionWatch.class);
    /** Samples of before a restart that are judged again. */
    private static final long REREAD = 50_000;

    private final Map<String, Promoter> promoters = new HashMap<>();
    private final Map<String, SampleLog> logs = new HashMap<>();
    private final Map<String, String> told = new HashMap<>();
    private final KafkaConnection kafka;
    private final ModelRegistry registry;
    private final PolicyFiles policies;
    private final BundleReader reader;
    private final InstantSource clock;
    private final Consumer<ChangeOutcome.Changed> listener;
    private final Duration interval;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private PromotionWatch(
            KafkaConnection kafka,
            ModelRegistry registry,
            PolicyFiles policies,
            BundleReader reader,
            InstantSource clock,
            Consumer<ChangeOutcome.Changed> listener,
            Duration interval) {
        this.kafka = kafka;
        this.registry = registry;
        this.policies = policies;
        this.reader = reader;
        this.clock = clock;
        this.listener = listener;
        this.interval = interval;
        thread = Thread.ofVirtual().name("presage-promotion").unstarted(this::run);
    }

    /**
     * Starts watching all pools of the registry.
     *
     * @param registry without gates
     * @param listener told of each change of aliases
     * @param interval between two looks at a pool
     */
    public static PromotionWatch start(
            KafkaConnection kafka,
            ModelRegistry registry,
            PolicyFiles policies,
            BundleReader reader,
            InstantSource clock,
            Consumer<ChangeOutcome.Changed> listener,
            Duration interval) {
        PromotionWatch watch = new PromotionWatch(kafka, registry, policies, reader, clock, listener, interval);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try {
            do {
                for (String pool : registry.pools()) {
                    step(pool);
                }
            } while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            // Closed.
        } catch (IOException e) {
            LOG.error("the registry cannot be read; nothing is promoted from now on", e);
        }
    }

    /** A pool's trouble (a policy that cannot be read, a full disk) is told once and is not its neighbours'. */
    private void step(String pool) {
        try {
            if (policies.of(pool).isPresent()) {
                step(pool, promoters.get(pool));
            }
            told.remove(pool);
        } catch (IOException | RuntimeException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(told.put(pool, message))) {
                LOG.warn("pool {} is not judged: {}", pool, message);
            }
        }
    }

    /** The first step comes before the first sample: it says what samples are wanted. */
    private void step(String pool, @Nullable Promoter known) throws IOException {
        if (known != null) {
            known.step();
            return;
        }
        Promoter promoter = new Promoter(pool, registry, policies, reader, clock, listener);
        promoter.step();
        promoters.put(pool, promoter);
        LogConsumer<Sample> feed = (sample, position) -> promoter.offer(sample);
        logs.put(pool, SampleLog.follow(kafka, pool, StartFrom.last(REREAD), feed));
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        logs.values().forEach(SampleLog::close);
    }
}
