package dev.presage.router.metrics;

/** Who may read the metrics port. Asked per request on a virtual thread, so it may wait; must not throw. */
@FunctionalInterface
public interface MetricsAccess {
    /** Everyone. */
    MetricsAccess ANYONE = authorization -> true;

    /** Whether the bearer of this {@code Authorization} header, empty if there is none, may read. */
    boolean allows(String authorizationHeader);
}
