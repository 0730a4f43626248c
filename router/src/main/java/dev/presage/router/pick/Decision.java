package dev.presage.router.pick;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.predict.CandidateMatrix;

/** What became of a request at the router. Consumed by exhaustive switches. */
public sealed interface Decision {

    /**
     * It goes to an endpoint.
     *
     * @param candidates what was known of every candidate
     * @param choice what the policy made of it
     * @param fallback why a lower rung of the ladder decided
     * @param arm the experiment arm that asked for the policy, empty outside experiments
     */
    record Routed(CandidateMatrix candidates, Choice choice, Fallback fallback, String arm) implements Decision {
        public Endpoint endpoint() {
            return candidates.state(choice.candidate()).endpoint();
        }
    }

    /** It was refused to protect the fleet; the client may come again. */
    record Shed(String message, String reason) implements Decision {}

    /** It could not be routed at all. */
    record Failed(String message, String reason) implements Decision {}
}
