package dev.presage.router.metrics;

/** Who may read the metrics port. Asked per request on a virtual thread, so it may wait; must not throw. */
@FunctionalInterface
public interface MetricsAccess {
    /** Everyone: fleets without Kubernetes ask nobody. */
    MetricsAccess ANYONE = authorization -> true;

    /** What becomes of a request. */
    enum Answer {
        ALLOWED(200),
        UNAUTHENTICATED(401),
        FORBIDDEN(403),
        /** Who could tell does not answer. */
        UNAVAILABLE(503);

        private final int status;

        Answer(int status) {
            this.status = status;
        }

        /** As an HTTP status. */
        public int status() {
            return status;
        }
    }

    /** Whether the bearer of this {@code Authorization} header, empty if there is none, may read. */
    boolean allows(String authorizationHeader);

    /** The same, and how a refusal is told. */
    default Answer check(String authorizationHeader) {
        if (allows(authorizationHeader)) {
            return Answer.ALLOWED;
        }
        return authorizationHeader.isEmpty() ? Answer.UNAUTHENTICATED : Answer.FORBIDDEN;
    }
}
