package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.ModelCard;
import java.util.Map;

/**
 * Asks to take a version out of service: it loses its aliases. Fields as in {@link MoveRequest}.
 *
 * @param to {@link LifecycleState#RETIRED}, which may come back, or {@link LifecycleState#REJECTED}, which may not
 */
public record WithdrawRequest(
        String pool,
        BundleId bundle,
        LifecycleState to,
        long expectedRevision,
        String actor,
        String reason,
        Map<String, String> evidence)
        implements PoolChange {
    public WithdrawRequest {
        ModelCard.requirePool(pool);
        Accountability.require(actor, reason, evidence);
        evidence = Map.copyOf(evidence);
        if (to != LifecycleState.RETIRED && to != LifecycleState.REJECTED) {
            throw new IllegalArgumentException("a version is withdrawn to RETIRED or REJECTED, not to " + to);
        }
    }
}
