package dev.presage.router.flow;

import dev.presage.router.request.InferenceRequest;

/** Told of what flow control does, on its thread: must not block and must not throw. */
public interface FlowListener {
    FlowListener NONE = new FlowListener() {};

    /** A request waits. Every one that does also leaves. */
    default void entered(InferenceRequest request, Claim claim, long tookNanos) {}

    /** One was not let in. */
    default void refused(InferenceRequest request, Claim claim, FlowOutcome outcome, long tookNanos) {}

    /** One waits no more. */
    default void left(InferenceRequest request, Claim claim, FlowOutcome outcome, long waitedNanos) {}

    /** One that was sent had been held for a warm endpoint for that long. */
    default void held(InferenceRequest request, Hold.End end, long heldNanos) {}

    /** A request that is being served was told to make room. */
    default void evicting() {}

    /** It ended, so long after it was told. */
    default void evicted(long tookNanos) {}

    /** Looking for who goes next took that long. */
    default void cycled(long tookNanos) {}

    /** Our own code failed at {@code place}; the request concerned went on without flow control. */
    default void fault(String place, Throwable cause) {}
}
