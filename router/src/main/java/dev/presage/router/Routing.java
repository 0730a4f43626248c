package dev.presage.router;

import dev.presage.router.observe.Exchange;
import dev.presage.router.pick.Decision;

/** Answer of the picker: a decision, and for a routed request the exchange that its reply is told to. */
public sealed interface Routing {
    /** The request goes out; the caller must end the exchange exactly once, whatever happens. */
    record Started(Decision.Routed decision, Exchange exchange) implements Routing {}

    /** It does not; nothing is to be settled. */
    record Refused(Decision decision) implements Routing {}
}
