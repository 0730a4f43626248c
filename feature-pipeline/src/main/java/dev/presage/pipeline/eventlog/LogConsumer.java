package dev.presage.pipeline.eventlog;

import com.google.protobuf.Message;

/**
 * Receives the records of a followed topic, in order within each partition, each once. Called on the follower's own
 * thread, one call at a time; a slow consumer slows its follower only. An exception is logged and the record counts as
 * consumed.
 *
 * @param <T> the event type
 */
@FunctionalInterface
public interface LogConsumer<T extends Message> {
    void onRecord(T event, LogPosition position);

    /** A record that is no event was skipped. */
    default void onUndecodable(String reason, LogPosition position) {}

    /** Called once: everything that was in the log when the follower first reached it has been consumed. */
    default void onCaughtUp() {}
}
