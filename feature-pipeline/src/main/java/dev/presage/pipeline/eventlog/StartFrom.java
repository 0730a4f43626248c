package dev.presage.pipeline.eventlog;

/** Where a follower begins in each partition. */
public sealed interface StartFrom {
    /** With the oldest record that Kafka still has. */
    record Earliest() implements StartFrom {}

    /**
     * With the oldest of the last {@code offsets} offsets. Records of other pools and transaction markers take offsets too,
     * so fewer records of one pool come than that; ask for several times what a window holds.
     */
    record Last(long offsets) implements StartFrom {
        public Last {
            if (offsets < 0) {
                throw new IllegalArgumentException("offsets is " + offsets + ", want at least 0");
            }
        }
    }

    static StartFrom earliest() {
        return new Earliest();
    }

    static StartFrom last(long offsets) {
        return new Last(offsets);
    }
}
