package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code audit.jsonl}: who did what to a pool, when, why and on what evidence.
 *
 * @param sequence grows by one with each entry of the pool
 * @param bundle what it was about; null for a freeze
 * @param alias that moved; null when none did
 * @param replaced what held the alias before; null for a publication or a first move
 * @param revision of the pool afterwards
 */
public record AuditEntry(
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

    /** What was done. */
    public enum Action {
        PUBLISH,
        MOVE,
        ROLLBACK,
        WITHDRAW,
        FREEZE,
        UNFREEZE,
        ANNOTATE,
        ATTACH,
        PRUNE
    }
}
