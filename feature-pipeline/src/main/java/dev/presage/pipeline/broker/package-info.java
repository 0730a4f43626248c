/**
 * A Kafka broker inside a Presage process, for laptops, tests and single-node installs: one KRaft node that is broker and
 * controller, on the loopback interface, with its data in a directory that outlives it.
 *
 * <p>It is Kafka's own server, so everything else is written against Kafka alone. Depends on Kafka's server and {@code
 * cli}; only the subcommand uses {@code topics}. Start at {@link dev.presage.pipeline.broker.EmbeddedBroker}.
 */
@NullMarked
package dev.presage.pipeline.broker;

import org.jspecify.annotations.NullMarked;
