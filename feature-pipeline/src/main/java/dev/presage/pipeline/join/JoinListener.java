package dev.presage.pipeline.join;

import dev.presage.pipeline.proto.Sample;

/**
 * Told what the join does, for counters. Called on the stream threads, several at a time: implementations are
 * thread-safe, quick and never throw. Counts are of work done, so work repeated after a crash is counted again; only the
 * samples topic is exact.
 */
public interface JoinListener {
    /** Hears nothing. */
    JoinListener NONE = new JoinListener() {};

    /** A sample was written (visible to readers when its transaction commits). */
    default void onSample(Sample sample) {}

    /** A record or a request gave no sample. */
    default void onDrop(DropCause cause) {}

    /** Processing broke off; the join retries by itself. */
    default void onFailure(Throwable failure) {}
}
