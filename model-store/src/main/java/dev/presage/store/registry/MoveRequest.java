package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.ModelCard;
import java.util.Map;

/**
 * Asks to move an alias to a bundle; the other fields as in {@link PoolChange}.
 *
 * @param expectedRevision the revision that the asker decided on; another one means that somebody was faster
 * @param force past the gates of the pool's policy
 */
public record MoveRequest(
        String pool,
        Alias alias,
        BundleId bundle,
        long expectedRevision,
        String actor,
        String reason,
        Map<String, String> evidence,
        boolean force)
        implements PoolChange {
    /** Through the gates, if there are any. */
    public MoveRequest(
            String pool,
            Alias alias,
            BundleId bundle,
            long expectedRevision,
            String actor,
            String reason,
            Map<String, String> evidence) {
        this(pool, alias, bundle, expectedRevision, actor, reason, evidence, false);
    }

    public MoveRequest {
        ModelCard.requirePool(pool);
        Accountability.require(actor, reason, evidence);
        evidence = Map.copyOf(evidence);
    }
}
