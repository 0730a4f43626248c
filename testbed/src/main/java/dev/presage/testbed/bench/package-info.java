/**
 * {@code presage bench}: how long a decision takes over gRPC, what it costs in processor time, and the same for a server that
 * decides nothing. Router and floor are processes of their own; the load client speaks Envoy's protocol to them. Allowed
 * dependencies: trainer and model-store (to publish a model), gRPC, Netty, HdrHistogram, Jackson, picocli; start at {@link
 * dev.presage.testbed.bench.BenchCommand}.
 */
@NullMarked
package dev.presage.testbed.bench;

import org.jspecify.annotations.NullMarked;
