/**
 * Envoy's external processor: one gRPC stream per HTTP request, read into an {@link dev.presage.router.request.InferenceRequest},
 * answered with the picker's choice, and watched until the reply ends. Depends on the router's core, the pool's rules, gRPC and
 * Envoy's protos; the pick runs on the event loop and nothing here blocks. Start at {@link
 * dev.presage.router.envoy.ExtProcService}; the life of a stream is {@link dev.presage.router.envoy.Phase}.
 */
@NullMarked
package dev.presage.router.envoy;

import org.jspecify.annotations.NullMarked;
