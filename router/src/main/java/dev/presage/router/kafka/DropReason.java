package dev.presage.router.kafka;

import java.util.Locale;

/** Why an event was given up. */
public enum DropReason {
    /** The owner thread did not keep up. */
    QUEUE_FULL,
    /** Kafka was away for longer than the spool holds. */
    SPOOL_FULL,
    /** The disk refused. */
    SPOOL_FAILED,
    /** A crash cut the frame, or the disk lost it. */
    TORN,
    /** Kafka will never take it (too large, for example), or it could not be written as a record. */
    REFUSED,
    /** It came after the log was closed. */
    CLOSED;

    /** Name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
