package dev.presage.store.registry;

import dev.presage.store.bundle.ModelCard;
import java.util.Map;

/** Asks to make the previous champion the champion again; fields as in {@link MoveRequest}. */
public record RollbackRequest(
        String pool, long expectedRevision, String actor, String reason, Map<String, String> evidence)
        implements PoolChange {
    public RollbackRequest {
        ModelCard.requirePool(pool);
        Accountability.require(actor, reason, evidence);
        evidence = Map.copyOf(evidence);
    }
}
