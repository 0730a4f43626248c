/**
 * The feature row: which numbers describe one (request, candidate endpoint) pair, in which order and unit.
 *
 * <p>The router fills a row at decision time, the event log carries it unchanged, the trainer learns from it. Depends on
 * nothing. Start at {@link dev.presage.pipeline.features.Feature}.
 */
@NullMarked
package dev.presage.pipeline.features;

import org.jspecify.annotations.NullMarked;
