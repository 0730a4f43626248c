/**
 * Reading the event log the way learners and servers need it, everything that is there and then what comes, and writing
 * the moves of aliases.
 *
 * <p>Followers keep no position in Kafka: what they rebuild lives in memory, so they start over with the process. Depends
 * on {@code topics} and Kafka's clients. Start at {@link dev.presage.pipeline.eventlog.SampleLog} or {@link
 * dev.presage.pipeline.eventlog.AliasLog}.
 */
@NullMarked
package dev.presage.pipeline.eventlog;

import org.jspecify.annotations.NullMarked;
