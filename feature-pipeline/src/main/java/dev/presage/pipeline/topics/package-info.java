/**
 * The event log's shape: which topics there are, how their records are written and read, how to reach the Kafka that
 * holds them.
 *
 * <p>Every part of Presage that touches Kafka goes through this package. It depends on the generated records, Kafka's
 * clients and picocli's annotations. Start at {@link dev.presage.pipeline.topics.Topic} and {@link
 * dev.presage.pipeline.topics.EventFormat}.
 */
@NullMarked
package dev.presage.pipeline.topics;

import org.jspecify.annotations.NullMarked;
