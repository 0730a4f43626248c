package dev.presage.router.observe;

/** How a routed request ended. */
public enum EndCause {
    COMPLETED,
    CLIENT_DISCONNECT,
    UPSTREAM_ERROR,
    EVICTED,
    ROUTER_SHUTDOWN
}
