package dev.presage.pipeline.topics;

import com.google.protobuf.Message;

/**
 * What a record's bytes turned out to be. Bytes that are no event are a value, never an exception: one bad producer must
 * not stop the readers of the log; they count it and go on.
 *
 * @param <T> the event type of the topic
 */
public sealed interface Decoded<T extends Message> {
    /** A well-formed event of a schema version that this build reads. */
    record Event<T extends Message>(T event) implements Decoded<T> {}

    /** Anything else; {@code reason} quotes nothing of the content. */
    record Undecodable<T extends Message>(String reason) implements Decoded<T> {}
}
