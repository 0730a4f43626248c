package dev.presage.store.registry;

/** What came of a promotion or a rollback. Each carries the pool as it is now, so that the asker can decide anew. */
public sealed interface MoveOutcome {
    PoolState state();

    record Moved(PoolState state) implements MoveOutcome {}

    /** The alias already was there; nothing was written. */
    record Unchanged(PoolState state) implements MoveOutcome {}

    /** Somebody else moved an alias first. */
    record Conflict(PoolState state, long expectedRevision) implements MoveOutcome {
        public String message() {
            return "pool " + state.pool() + " is at revision " + state.revision() + ", not at the expected "
                    + expectedRevision;
        }
    }

    /** Not a legal move, now or ever; {@code problem} says why. */
    record Refused(PoolState state, String problem) implements MoveOutcome {}
}
