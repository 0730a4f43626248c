package dev.presage.router.fleet;

/** Everything known of one endpoint at one moment. Immutable. */
public record EndpointState(Endpoint endpoint, EngineSignals signals, QueueState queue) {}
