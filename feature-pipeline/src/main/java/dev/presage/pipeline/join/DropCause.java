package dev.presage.pipeline.join;

/** Why a record or a request gave no sample. The key is its name in metrics and logs. */
public enum DropCause {
    /** The client went away. */
    CLIENT_DISCONNECT("client-disconnect"),
    /** The gateway or the engine failed. */
    UPSTREAM_ERROR("upstream-error"),
    /** The engine or the router gave the request up. */
    EVICTED("evicted"),
    /** The router ended before the request did. */
    ROUTER_SHUTDOWN("router-shutdown"),
    /** The outcome does not say how it ended. */
    CAUSE_UNKNOWN("cause-unknown"),
    /** It completed with a status outside 200..299. */
    HTTP_STATUS("http-status"),
    /** It completed, but no latency was measured. */
    NO_LATENCY("no-latency"),
    /** Another endpoint served than was chosen, and its feature row was not logged. */
    ENDPOINT_NOT_LOGGED("endpoint-not-logged"),
    /** Decodable, but its fields contradict each other. */
    MALFORMED("malformed"),
    /** Not an event. */
    UNDECODABLE("undecodable"),
    /** Seen before. */
    DUPLICATE("duplicate"),
    /** It ended longer ago than the join remembers, so nobody knows whether it was sampled. */
    LATE("late"),
    /** A decision whose outcome did not come within the retention. */
    UNMATCHED_DECISION("unmatched-decision"),
    /** An outcome whose decision did not come within the retention. */
    UNMATCHED_OUTCOME("unmatched-outcome");

    private final String key;

    DropCause(String key) {
        this.key = key;
    }

    /** Name in metrics and logs. */
    public String key() {
        return key;
    }
}
