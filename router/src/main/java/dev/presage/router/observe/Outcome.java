package dev.presage.router.observe;

import dev.presage.router.pick.Decision;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one routed request. Times are in milliseconds; null where it cannot be known honestly (a reply that was
 * not streamed shows no first token).
 *
 * @param decision the decision that it belongs to
 * @param dispatchedAtMs epoch milliseconds of the dispatch
 * @param endedAtMs epoch milliseconds of the end
 * @param servedBy {@code ip:port} that answered; the chosen one unless the gateway said otherwise
 */
public record Outcome(
        Decision.Routed decision,
        long dispatchedAtMs,
        long endedAtMs,
        boolean streaming,
        int httpStatus,
        EndCause cause,
        String servedBy,
        @Nullable Double ttftMs,
        @Nullable Double tpotMs,
        double e2eMs,
        Usage usage) {
    /** Whether the endpoint that was chosen also served; if not, the times tell of two endpoints. */
    public boolean asChosen() {
        return servedBy.equals(decision.endpoint().address());
    }
}
