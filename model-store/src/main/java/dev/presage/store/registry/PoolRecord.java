package dev.presage.store.registry;

import org.jspecify.annotations.Nullable;

/**
 * {@code state.json} of a pool. It carries its own last audit entry, so that replacing this one file commits both the change and its
 * record: a log that lacks the entry gets it at the next start.
 */
record PoolRecord(PoolState state, @Nullable AuditEntry last) {
    long nextSequence() {
        return last == null ? 1 : last.sequence() + 1;
    }
}
