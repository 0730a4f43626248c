package dev.presage.pipeline.join;

import dev.presage.pipeline.proto.Sample;

/** What one arrival came to. */
sealed interface JoinResult {
    /** Nothing to tell: the request's other half is awaited, or the arrival was expected and changes nothing. */
    record Quiet() implements JoinResult {}

    record Sampled(Sample sample) implements JoinResult {}

    record Dropped(DropCause cause) implements JoinResult {}
}
