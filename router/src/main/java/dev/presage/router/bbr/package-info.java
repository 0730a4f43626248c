/**
 * Body-based routing: an external processor in front of all pools, which puts the model that a request names in its body into a
 * header, so that the gateway can route on it. Never refuses or changes anything else. Depends on gRPC, Envoy's protos and the
 * request package; start at {@link dev.presage.router.bbr.BodyRoutingService}.
 */
@NullMarked
package dev.presage.router.bbr;

import org.jspecify.annotations.NullMarked;
