package dev.presage.router.pick;

/**
 * That a request was held back before it was routed though there was room, for the receipt of its decision.
 *
 * @param waitedFor address of the endpoint that it was held for, or {@code kv-cache} for a program's space; empty when it was not held
 * @param end how that ended: a value of the label of {@code presage_flow_held_seconds}
 * @param ms how long it was held
 */
public record Held(String waitedFor, String end, double ms) {
    /** Of the requests that were not. */
    public static final Held NOT = new Held("", "", 0);

    public Held {
        if (!(ms >= 0) || waitedFor.isEmpty() != end.isEmpty()) {
            throw new IllegalArgumentException("held " + ms + " ms for '" + waitedFor + "' until '" + end + "'");
        }
    }
}
