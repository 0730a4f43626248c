package dev.presage.router.pick;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.predict.CandidateMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of a request at the router. Consumed by exhaustive switches. */
public sealed interface Decision {

    /**
     * It goes to an endpoint.
     *
     * @param candidates what was known of every candidate that the policy chose among
     * @param choice what the policy made of it
     * @param fallback why a lower rung of the ladder decided
     * @param arm the experiment arm that asked for the policy, empty outside experiments
     * @param itinerary how it travels
     * @param shadow what a challenger says of it, null without one
     * @param stay whether it went where its session was, and if not, why; empty without a session
     * @param held what it was held back for before
     */
    record Routed(
            CandidateMatrix candidates,
            Choice choice,
            Fallback fallback,
            String arm,
            Itinerary itinerary,
            @Nullable Shadow shadow,
            String stay,
            Held held)
            implements Decision {
        public Routed(CandidateMatrix candidates, Choice choice, Fallback fallback, String arm) {
            this(candidates, choice, fallback, arm, Itinerary.DIRECT, null, "", Held.NOT);
        }

        public Routed(CandidateMatrix candidates, Choice choice, Fallback fallback, String arm, Itinerary itinerary) {
            this(candidates, choice, fallback, arm, itinerary, null, "", Held.NOT);
        }

        public Endpoint endpoint() {
            return candidates.state(choice.candidate()).endpoint();
        }

        /** The chosen endpoint and those that may serve in its stead, best first. */
        public List<Endpoint> endpoints() {
            List<Endpoint> all = new ArrayList<>(itinerary.also());
            all.addFirst(endpoint());
            return all;
        }

        /** Value of the destination header: an address, or several in the order in which they are to be tried. */
        public String destination() {
            return itinerary.destination(endpoint());
        }

        /** Whether this address is the chosen endpoint, which the gateway may know by the port that its ranks share. */
        public boolean isChosen(String address) {
            return address.equals(endpoint().address()) || address.equals(itinerary.reached(endpoint()));
        }

        /** Headers that the request needs on its way, by lower-case name; empty for most. */
        public Map<String, String> extraHeaders() {
            return itinerary.headers(endpoint());
        }

        /** The same decision, travelling otherwise. */
        public Routed by(Itinerary other) {
            return new Routed(candidates, choice, fallback, arm, other, shadow, stay, held);
        }

        /** The same decision with another choice, or with more said of it. */
        public Routed by(Choice other) {
            return new Routed(candidates, other, fallback, arm, itinerary, shadow, stay, held);
        }

        /** The same decision, predicted by a challenger too. */
        public Routed shadowedBy(Shadow challenger) {
            return new Routed(candidates, choice, fallback, arm, itinerary, challenger, stay, held);
        }

        /** The same decision, with what it means for its session. */
        public Routed staying(String reason) {
            return new Routed(candidates, choice, fallback, arm, itinerary, shadow, reason, held);
        }

        /** The same decision on a request that was held back before. */
        public Routed after(Held hold) {
            return new Routed(candidates, choice, fallback, arm, itinerary, shadow, stay, hold);
        }

        /** The id of its events: the request's, with a suffix for the parts of a split one that do not answer. */
        public String eventId() {
            String id = candidates.request().id();
            return itinerary.leg().isEmpty() ? id : id + "/" + itinerary.leg();
        }

        /** The decisions to learn from: this one, and for a split request also who computes the prompt. */
        public List<Routed> legs() {
            Routed prefill = itinerary.prefill();
            return prefill == null ? List.of(this) : List.of(this, prefill);
        }
    }

    /**
     * It was refused to protect the fleet; the client may come again.
     *
     * @param retryAfterSeconds when that is worth while, 0 when nobody knows
     */
    record Shed(String message, String reason, int retryAfterSeconds) implements Decision {
        public Shed(String message, String reason) {
            this(message, reason, 0);
        }
    }

    /** The client set a condition that the chosen endpoint does not meet. */
    record Unmet(String message) implements Decision {}

    /** It could not be routed at all. */
    record Failed(String message, String reason) implements Decision {}
}
