/**
 * Prometheus metrics as listeners of the other packages: the contract's names ({@code llm_d_epp_}) where the contract has one,
 * {@code presage_} for what only Presage knows. Every label is bounded. Depends on Micrometer and gRPC. Start at {@link
 * dev.presage.router.metrics.RouterMetrics}.
 */
@NullMarked
package dev.presage.router.metrics;

import org.jspecify.annotations.NullMarked;
