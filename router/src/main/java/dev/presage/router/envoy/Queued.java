package dev.presage.router.envoy;

/** The request waits to be let in. Envoy is not asked for more until it is. */
record Queued(Session session) implements Phase {}
