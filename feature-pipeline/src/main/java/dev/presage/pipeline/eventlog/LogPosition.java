package dev.presage.pipeline.eventlog;

/**
 * Where a record is in its topic. Offsets grow within a partition, with gaps.
 *
 * @param partition the partition's number
 * @param offset the record's offset in it
 */
public record LogPosition(int partition, long offset) {
    public LogPosition {
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException("position is " + partition + "@" + offset + ", want both at least 0");
        }
    }
}
