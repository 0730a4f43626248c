/**
 * OpenTelemetry spans of what the router does for a request: its context is read from the request's headers and written into the
 * ones that go to the engine. Nothing here runs unless an exporter is configured. Depends on OpenTelemetry, gRPC, Envoy's protos
 * and the core's listeners; start at {@link dev.presage.router.trace.Tracing}.
 */
@NullMarked
package dev.presage.router.trace;

import org.jspecify.annotations.NullMarked;
