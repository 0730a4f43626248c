package dev.presage.router.kafka;

import java.nio.file.Path;

/**
 * Identity and bounds of an event log.
 *
 * @param routerId this router's name in the events
 * @param pool the pool that it routes for
 * @param spoolDirectory where events wait while Kafka is away; owned by one router at a time
 * @param maxQueuedEvents bound on events between the deciding threads and the owner thread
 * @param maxQueuedBytes bound on the memory that they hold
 * @param maxSpoolBytes bound on the disk
 * @param segmentBytes size of one spool file; what a replay holds in memory
 */
public record EventLogSettings(
        String routerId,
        String pool,
        Path spoolDirectory,
        int maxQueuedEvents,
        long maxQueuedBytes,
        long maxSpoolBytes,
        int segmentBytes) {

    public EventLogSettings {
        if (routerId.isBlank() || pool.isBlank()) {
            throw new IllegalArgumentException(
                    "routerId \"" + routerId + "\" and pool \"" + pool + "\" must not be blank");
        }
        if (maxQueuedEvents < 1 || maxQueuedBytes < 1) {
            throw new IllegalArgumentException(
                    "queue bounds " + maxQueuedEvents + " events, " + maxQueuedBytes + " bytes must be at least 1");
        }
        if (segmentBytes < 1024 || segmentBytes > 64 << 20) {
            throw new IllegalArgumentException("segmentBytes " + segmentBytes + " outside 1024..67108864");
        }
        if (maxSpoolBytes < segmentBytes) {
            throw new IllegalArgumentException(
                    "maxSpoolBytes " + maxSpoolBytes + " is less than a segment of " + segmentBytes);
        }
    }

    /** 64k events or 64 MiB in memory; a gibibyte on disk, which is minutes at a thousand requests a second. */
    public static EventLogSettings of(String routerId, String pool, Path spoolDirectory) {
        return new EventLogSettings(routerId, pool, spoolDirectory, 1 << 16, 64L << 20, 1L << 30, 4 << 20);
    }
}
