package dev.presage.router.envoy;

/** The reply is over, or there will be none. */
record Ended(Session session) implements Phase {}
