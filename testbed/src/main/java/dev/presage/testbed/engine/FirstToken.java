package dev.presage.testbed.engine;

/**
 * A request whose first token a step emits.
 *
 * @param request the request
 * @param cachedTokens prompt tokens that were found in the prefix cache when it was admitted
 */
public record FirstToken(SimRequest request, int cachedTokens) {}
