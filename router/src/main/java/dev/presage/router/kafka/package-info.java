/**
 * The event log: decisions and outcomes on their way to Kafka, through a bounded queue and, while Kafka is away, a bounded spool
 * on disk. No thread of the request path ever waits here. Depends on the core packages, the pipeline's events and Kafka's
 * client. Start at {@link dev.presage.router.kafka.EventLog}.
 */
@NullMarked
package dev.presage.router.kafka;

import org.jspecify.annotations.NullMarked;
