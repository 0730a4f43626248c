package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code audit.jsonl}: who did what to a pool, when, why and on what evidence.
 *
 * @param sequence grows by one with each entry of the pool
 * @param replaced what held the alias before; null for a publication or a first move
 */
record AuditEntry(
        long sequence,
        long atMs,
        String actor,
        Action action,
        String pool,
        @Nullable BundleId bundle,
        @Nullable Alias alias,
        @Nullable BundleId replaced,
        long revision,
        String reason,
        Map<String, String> evidence) {

    enum Action {
        PUBLISH,
        MOVE,
        ROLLBACK,
        PRUNE
    }
}
