package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.ModelCard;
import java.util.Map;

/**
 * Asks to move an alias to a bundle; the other fields as in {@link PoolChange}.
 *
 * @param expectedRevision the revision that the asker decided on; another one means that somebody was faster
 */
public record MoveRequest(
        String pool,
        Alias alias,
        BundleId bundle,
        long expectedRevision,
        String actor,
        String reason,
        Map<String, String> evidence)
        implements PoolChange {
    public MoveRequest {
        ModelCard.requirePool(pool);
        Accountability.require(actor, reason, evidence);
        evidence = Map.copyOf(evidence);
    }
}
