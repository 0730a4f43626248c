package dev.presage.router.observe;

import dev.presage.router.pick.Decision;

/** Told of every decision and every outcome, on the deciding thread: must not block and must not throw. */
public interface RoutingListener {
    /**
     * A request was routed.
     *
     * @param decidedAtMs epoch milliseconds
     * @param tookNanos time the decision took
     */
    void routed(Decision.Routed decision, long decidedAtMs, long tookNanos);

    /** More streamed tokens came, {@code sinceLastNanos} per token after the ones before; not called for the first. */
    default void token(Decision.Routed decision, long sinceLastNanos) {}

    /** A routed request ended. Called exactly once per routed request. */
    void ended(Outcome outcome);
}
