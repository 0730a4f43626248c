package dev.presage.pipeline.eventlog;

import dev.presage.pipeline.proto.FlightEvent;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;

/**
 * What the routers tell of their requests, from now on, of all pools and routers. After an outage reading goes on where it stopped,
 * so that no end is missed whose beginning was read.
 *
 * <p>Owns the thread {@code presage-flights}, which ends in {@link #close}. Kafka may be away at any time. Thread-safe.
 */
public final class FlightLog implements AutoCloseable {
    private final LogFollower<FlightEvent> follower;

    private FlightLog(LogFollower<FlightEvent> follower) {
        this.follower = follower;
    }

    /** Starts following in the background and returns at once; {@link LogConsumer#onCaughtUp} tells that it follows. */
    public static FlightLog follow(KafkaConnection connection, LogConsumer<FlightEvent> consumer) {
        var follower = new LogFollower<>(
                connection, "presage-flights", EventFormat.FLIGHTS, key -> true, StartFrom.last(0), consumer);
        follower.start();
        return new FlightLog(follower);
    }

    /** Ends following; no call of the consumer is under way when it returns. */
    @Override
    public void close() {
        follower.close();
    }
}
