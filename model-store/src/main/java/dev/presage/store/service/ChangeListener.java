package dev.presage.store.service;

import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.PoolChange;

/** Told of each change of a pool that a client asked for and that was made. Called on the client's thread. */
@FunctionalInterface
public interface ChangeListener {
    void changed(PoolChange change, ChangeOutcome.Changed outcome);
}
