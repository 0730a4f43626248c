package dev.presage.store.registry;

/**
 * What came of a {@link PoolChange}. Each carries the pool as it is now, so that the asker can decide
 * anew; over HTTP with only the versions that have an alias.
 */
public sealed interface ChangeOutcome {
    PoolState state();

    record Changed(PoolState state) implements ChangeOutcome {}

    /** It already was so; nothing was written. */
    record Unchanged(PoolState state) implements ChangeOutcome {}

    /** Somebody else changed the pool first. */
    record Conflict(PoolState state, long expectedRevision) implements ChangeOutcome {
        public String message() {
            return "pool " + state.pool() + " is at revision " + state.revision() + ", not at the expected "
                    + expectedRevision;
        }
    }

    /** Not a legal change, or not one that the pool's policy lets through; {@code problem} says why. */
    record Refused(PoolState state, String problem) implements ChangeOutcome {}
}
