package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.ModelCard;
import java.util.Map;

/** Asks to attach a report to a version, in place of one of the same kind; its writer owns the bytes no more. */
public record AttachRequest(
        String pool, BundleId bundle, EvidenceKind kind, EvidenceReport report, String actor, String reason)
        implements PoolChange {
    public AttachRequest {
        ModelCard.requirePool(pool);
        Accountability.require(actor, reason, Map.of());
    }
}
