package dev.presage.router.plugin.session;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.pick.Decision;
import dev.presage.router.plugin.ReplyPlugin;
import dev.presage.router.plugin.Round;
import java.util.Optional;
import java.util.function.Predicate;

/** Knows to which endpoint a request's session belongs. Thread-safe. */
interface Affinity extends ReplyPlugin {
    /** What the endpoint of the request's session passes; empty for a request without a session, or of a new one. */
    Optional<Predicate<Endpoint>> endpoint(Round round);

    /** Which of the endpoints that a request travels through the session belongs to. */
    enum Leg {
        /** Who answers. */
        ANSWERING {
            @Override
            Optional<Endpoint> of(Decision.Routed decision) {
                return Optional.of(decision.endpoint());
            }
        },
        /** Who computes the prompt of a split request; nobody of a whole one. */
        PREFILL {
            @Override
            Optional<Endpoint> of(Decision.Routed decision) {
                return Optional.ofNullable(decision.itinerary().prefill()).map(Decision.Routed::endpoint);
            }
        };

        abstract Optional<Endpoint> of(Decision.Routed decision);
    }
}
