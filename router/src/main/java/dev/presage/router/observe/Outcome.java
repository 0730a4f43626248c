package dev.presage.router.observe;

import dev.presage.router.pick.Decision;
import java.util.List;
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

    /**
     * What is to be learned from it: itself, or of a split request who answered without the time to the first token, and
     * who computed the prompt with nothing but that. The hand-over between them counts for the latter. When somebody else
     * answered, the time to the first token tells of neither.
     */
    public List<Outcome> legs() {
        Decision.Routed prefill = decision.itinerary().prefill();
        @Nullable Double prefilledMs = decision.isChosen(servedBy) ? ttftMs : null;
        return prefill == null
                ? List.of(this)
                : List.of(
                        of(decision, servedBy, null, tpotMs),
                        of(prefill, prefill.endpoint().address(), prefilledMs, null));
    }

    private Outcome of(Decision.Routed leg, String server, @Nullable Double legTtftMs, @Nullable Double legTpotMs) {
        return new Outcome(
                leg,
                dispatchedAtMs,
                endedAtMs,
                streaming,
                httpStatus,
                cause,
                server,
                legTtftMs,
                legTpotMs,
                e2eMs,
                usage);
    }

    /** Whether the endpoint that was chosen also served; if not, the times tell of two endpoints. */
    public boolean asChosen() {
        return decision.isChosen(servedBy);
    }
}
