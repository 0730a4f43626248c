package dev.presage.pipeline.eventlog;

import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;

/**
 * Every alias's latest move in all pools, then each move as it happens. Routers and stores follow it; {@link
 * LogConsumer#onCaughtUp} tells that all aliases known to Kafka have been seen. Compaction is lazy, so an alias may come
 * several times: the last one holds. An alias with an empty bundle id is removed.
 *
 * <p>Owns the thread {@code presage-aliases}, which ends in {@link #close}. Kafka may be away at any time. Thread-safe.
 */
public final class AliasLog implements AutoCloseable {
    private final LogFollower<AliasMoved> follower;

    private AliasLog(LogFollower<AliasMoved> follower) {
        this.follower = follower;
    }

    /** Starts following in the background and returns at once. */
    public static AliasLog follow(KafkaConnection connection, LogConsumer<AliasMoved> consumer) {
        var follower = new LogFollower<>(
                connection, "presage-aliases", EventFormat.MODELS, key -> true, StartFrom.earliest(), consumer);
        follower.start();
        return new AliasLog(follower);
    }

    /** Ends following; no call of the consumer is under way when it returns. */
    @Override
    public void close() {
        follower.close();
    }
}
