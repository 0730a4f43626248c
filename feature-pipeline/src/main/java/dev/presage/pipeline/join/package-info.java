/**
 * Joins decisions with outcomes into training samples, exactly once, with Kafka Streams.
 *
 * <p>The rules are pure: {@code RequestJoin} is one request's state machine, {@code SampleRule} says which outcomes teach
 * anything; the processor around them only stores and counts. Depends on {@code topics} and Kafka Streams. Start at
 * {@link dev.presage.pipeline.join.SampleJoin}.
 */
@NullMarked
package dev.presage.pipeline.join;

import org.jspecify.annotations.NullMarked;
