package dev.presage.router.observe;

import dev.presage.router.pick.Decision;
import dev.presage.router.request.InferenceRequest;

/** Told of every decision, reply and outcome, on the deciding thread: must not block and must not throw. */
public interface RoutingListener {
    /**
     * A request was routed.
     *
     * @param decidedAtMs epoch milliseconds
     * @param tookNanos time the decision took
     */
    void routed(Decision.Routed decision, long decidedAtMs, long tookNanos);

    /**
     * The reply to a routed request began.
     *
     * @param servedBy {@code ip:port} that answered; the chosen one unless the gateway said otherwise
     * @param sentNanos the nano clock when the request was sent
     */
    default void answered(Decision.Routed decision, String servedBy, int httpStatus, long sentNanos) {}

    /** The first streamed token came. */
    default void firstToken(Decision.Routed decision) {}

    /** More streamed tokens came, {@code sinceLastNanos} per token after the ones before; not called for the first. */
    default void token(Decision.Routed decision, long sinceLastNanos) {}

    /** A request was refused to protect the fleet. */
    default void shed(InferenceRequest request) {}

    /** A routed request ended. Called exactly once per routed request. */
    void ended(Outcome outcome);
}
