package dev.presage.store.registry;

import java.util.Map;

/** What may be asked of a pool besides publishing: a closed set, each with who asks, why, and on what figures. */
public sealed interface PoolChange
        permits MoveRequest, RollbackRequest, WithdrawRequest, FreezeRequest, AnnotateRequest, AttachRequest {
    String pool();

    /** Who asks, for the audit log; at most 200 characters. */
    String actor();

    /** Why, for the audit log; at most 2,000 characters. */
    String reason();

    /** Figures that speak for it, by name, for the audit log; at most 50. */
    default Map<String, String> evidence() {
        return Map.of();
    }
}
