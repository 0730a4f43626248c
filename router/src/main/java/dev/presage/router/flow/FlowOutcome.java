package dev.presage.router.flow;

import dev.presage.router.pick.Decision;

/** How a request left flow control, in the contract's words. */
public enum FlowOutcome {
    DISPATCHED("Dispatched", "", "", false),
    REJECTED_CAPACITY("RejectedCapacity", "request rejected pre-queue: queue at capacity", "rejected-saturated", true),
    REJECTED_NO_ENDPOINTS(
            "RejectedNoEndpoints",
            "no endpoints available: request rejected pre-queue: no endpoints available",
            "rejected-no-endpoints",
            false),
    EVICTED_NO_ENDPOINTS(
            "EvictedNoEndpoints",
            "request timed out in queue and no endpoints are available: request TTL expired",
            "rejected-no-endpoints",
            false),
    EVICTED_TTL("EvictedTTL", "request timed out in queue: request TTL expired", "rejected-ttl-expired", true),
    EVICTED_CONTEXT_CANCELLED(
            "EvictedContextCancelled",
            "client disconnected: request context cancelled",
            "rejected-context-cancelled",
            false),
    REJECTED_SHUTDOWN(
            "RejectedOther",
            "flow controller shutting down: request was not dispatched",
            "rejected-shutting-down",
            false);

    private final String label;
    private final String message;
    private final String reason;
    private final boolean comeAgain;

    FlowOutcome(String label, String message, String reason, boolean comeAgain) {
        this.label = label;
        this.message = message;
        this.reason = reason;
        this.comeAgain = comeAgain;
    }

    /** Value of the outcome label in metrics. */
    public String label() {
        return label;
    }

    /** What the client is told; {@code retryAfterSeconds} where it should come again. */
    public Decision decision(int retryAfterSeconds) {
        if (this == DISPATCHED) {
            throw new IllegalStateException("a dispatched request is not refused");
        }
        return comeAgain ? new Decision.Shed(message, reason, retryAfterSeconds) : new Decision.Failed(message, reason);
    }
}
