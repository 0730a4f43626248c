/**
 * The simulated engine as an HTTP server that looks like vLLM: completions, chat completions, models, health and
 * metrics, in real time or faster. It gives the router, the gateway and the scrapers something real to talk to on a
 * machine without GPUs. Allowed dependencies: the engine, Helidon, Jackson, hash4j, picocli; start at {@link
 * dev.presage.testbed.server.EngineServer}.
 */
@NullMarked
package dev.presage.testbed.server;

import org.jspecify.annotations.NullMarked;
