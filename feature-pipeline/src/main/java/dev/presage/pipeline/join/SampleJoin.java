package dev.presage.pipeline.join;

import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.TopicCreator;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running join of decisions and outcomes into samples. Kafka may be away at the start or later: the join creates the
 * topics when it can, waits, retries, and replaces stream threads and the Streams client when they die.
 *
 * <p>Owns the thread {@code presage-join} and, through Kafka Streams, the stream threads; {@link #close} ends them.
 * Thread-safe.
 */
public final class SampleJoin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SampleJoin.class);
    private static final Duration TOPICS_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);
    private static final long FIRST_PAUSE_MS = 500;
    private static final long LONGEST_PAUSE_MS = 15_000;

    private final KafkaConnection connection;
    private final JoinSettings settings;
    private final JoinListener listener;
    private final Thread supervisor;
    private final CountDownLatch ran = new CountDownLatch(1);
    // Released when the supervisor has something to do: the client died, or close was called.
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean closing;
    private volatile boolean connecting;
    private volatile boolean running;

    private SampleJoin(KafkaConnection connection, JoinSettings settings, JoinListener listener) {
        this.connection = connection;
        this.settings = settings;
        this.listener = listener;
        this.supervisor = Thread.ofPlatform().name("presage-join").unstarted(this::supervise);
    }

    /** Starts joining in the background and returns at once, whether or not Kafka is there. */
    public static SampleJoin start(KafkaConnection connection, JoinSettings settings, JoinListener listener) {
        SampleJoin join = new SampleJoin(connection, settings, listener);
        join.supervisor.start();
        return join;
    }

    /** Waits until the join has been running once; false when that took longer than {@code timeout}. */
    public boolean awaitRunning(Duration timeout) throws InterruptedException {
        return ran.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether it is joining; false while it starts, rebalances or restarts. An outage of Kafka alone does not show here. */
    public boolean isRunning() {
        return running;
    }

    /** Commits what is done, leaves the group and ends all threads; a second call does nothing. */
    @Override
    public void close() {
        closing = true;
        wake.release();
        if (connecting) {
            supervisor.interrupt();
        }
        try {
            supervisor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void supervise() {
        long pauseMs = FIRST_PAUSE_MS;
        while (!closing) {
            try {
                createTopics();
                pauseMs = FIRST_PAUSE_MS;
                runClient();
            } catch (RuntimeException e) {
                if (closing) {
                    return;
                }
                LOG.warn("the join cannot start with {}, trying again: {}", connection, e.toString());
                listener.onFailure(e);
            }
            pause(pauseMs);
            pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        }
    }

    private void createTopics() {
        connecting = true;
        try {
            TopicCreator.createMissing(connection, TOPICS_TIMEOUT);
        } finally {
            connecting = false;
            // An interrupt was meant for the wait above and must not reach the Streams client.
            Thread.interrupted();
        }
    }

    private void runClient() {
        Properties properties = StreamsProperties.of(connection, settings);
        FaultPolicy faults = new FaultPolicy(InstantSource.system(), listener);
        KafkaStreams streams = new KafkaStreams(JoinTopology.build(settings, listener), properties);
        try {
            streams.setUncaughtExceptionHandler(faults);
            streams.setStateListener((now, before) -> onState(now));
            streams.start();
            wake.acquireUninterruptibly();
        } finally {
            running = false;
            streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                    .withTimeout(CLOSE_TIMEOUT));
        }
    }

    private void onState(KafkaStreams.State state) {
        running = state == KafkaStreams.State.RUNNING;
        if (running) {
            ran.countDown();
            LOG.info("joining {} at {}", settings.applicationId(), connection.bootstrapServers());
        }
        if (state == KafkaStreams.State.ERROR) {
            wake.release();
        }
    }

    private void pause(long millis) {
        if (closing) {
            return;
        }
        try {
            wake.tryAcquire(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but close's caller through the JVM's end.
            closing = true;
        }
    }
}
