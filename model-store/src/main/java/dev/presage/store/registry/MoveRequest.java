package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.ModelCard;
import java.util.Map;

/**
 * Asks to move an alias to a bundle.
 *
 * @param expectedRevision the revision that the asker decided on; another one means that somebody was faster
 * @param actor who asks, for the audit log; at most 200 characters
 * @param reason why; at most 2,000 characters
 * @param evidence figures that speak for the move, by name; at most 50
 */
public record MoveRequest(
        String pool,
        Alias alias,
        BundleId bundle,
        long expectedRevision,
        String actor,
        String reason,
        Map<String, String> evidence) {
    public MoveRequest {
        ModelCard.requirePool(pool);
        Accountability.require(actor, reason, evidence);
        evidence = Map.copyOf(evidence);
    }
}
