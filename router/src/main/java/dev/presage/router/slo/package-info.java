/**
 * Latency targets as resources: their documents, which one holds for a request, and what became of its error budget. Core
 * package: depends on request, predict, pick and observe, and on yaml for documents; knows no transport. Start at {@link
 * dev.presage.router.slo.SloBook}.
 */
@NullMarked
package dev.presage.router.slo;

import org.jspecify.annotations.NullMarked;
