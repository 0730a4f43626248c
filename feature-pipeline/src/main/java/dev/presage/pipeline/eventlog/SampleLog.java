package dev.presage.pipeline.eventlog;

import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;

/**
 * A pool's samples: what the log holds, then what is added, committed ones only. The trainer rebuilds its window with it at
 * the start and then learns from what comes.
 *
 * <p>Owns the thread {@code presage-samples-<pool>}, which ends in {@link #close}. Kafka may be away at any time. Thread-safe.
 */
public final class SampleLog implements AutoCloseable {
    private final LogFollower<Sample> follower;

    private SampleLog(LogFollower<Sample> follower) {
        this.follower = follower;
    }

    /** Starts following in the background and returns at once. */
    public static SampleLog follow(
            KafkaConnection connection, String pool, StartFrom start, LogConsumer<Sample> consumer) {
        var follower = new LogFollower<>(
                connection, "presage-samples-" + pool, EventFormat.SAMPLES, pool::equals, start, consumer);
        follower.start();
        return new SampleLog(follower);
    }

    /** Ends following; no call of the consumer is under way when it returns. */
    @Override
    public void close() {
        follower.close();
    }
}
