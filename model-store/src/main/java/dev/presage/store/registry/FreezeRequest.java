package dev.presage.store.registry;

import dev.presage.store.bundle.ModelCard;
import java.util.Map;

/**
 * Asks to stop, or to allow again, moves of a pool's aliases. Rollback and withdrawal stay possible. Fields as in {@link MoveRequest}.
 */
public record FreezeRequest(String pool, boolean frozen, long expectedRevision, String actor, String reason)
        implements PoolChange {
    public FreezeRequest {
        ModelCard.requirePool(pool);
        Accountability.require(actor, reason, Map.of());
    }
}
