/**
 * A simulated inference engine: continuous batching, chunked prefill, a paged KV cache with prefix caching and
 * pre-emption, scheduled as vLLM V1 does and timed by measured GPU step times. It has no clock, no thread and no
 * socket: the caller says what time it is, so the same engine runs in virtual time in the policy lab and in real time
 * behind the HTTP server. Allowed dependencies: the JDK and Jackson (the profile file), nothing else of Presage; start
 * at {@link dev.presage.testbed.engine.Engine}.
 */
@NullMarked
package dev.presage.testbed.engine;

import org.jspecify.annotations.NullMarked;
