package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Pairs a pool's new state with the audit entry of the change. */
final class AuditTrail {
    private static final String STORE = "presage store";

    private AuditTrail() {}

    static PoolRecord publish(PoolRecord before, PoolState after, BundleId bundle, String actor, long atMs) {
        AuditEntry entry = new AuditEntry(
                before.nextSequence(),
                atMs,
                actor,
                AuditEntry.Action.PUBLISH,
                after.pool(),
                bundle,
                null,
                null,
                after.revision(),
                "published",
                Map.of());
        return new PoolRecord(after, entry);
    }

    static PoolRecord move(PoolRecord before, PoolState after, MoveRequest request, long atMs) {
        AuditEntry entry = new AuditEntry(
                before.nextSequence(),
                atMs,
                request.actor(),
                AuditEntry.Action.MOVE,
                after.pool(),
                request.bundle(),
                request.alias(),
                before.state().aliases().get(request.alias()),
                after.revision(),
                request.reason(),
                request.evidence());
        return new PoolRecord(after, entry);
    }

    static PoolRecord rollback(PoolRecord before, PoolState after, RollbackRequest request, long atMs) {
        AuditEntry entry = new AuditEntry(
                before.nextSequence(),
                atMs,
                request.actor(),
                AuditEntry.Action.ROLLBACK,
                after.pool(),
                after.aliases().get(Alias.CHAMPION),
                Alias.CHAMPION,
                before.state().aliases().get(Alias.CHAMPION),
                after.revision(),
                request.reason(),
                request.evidence());
        return new PoolRecord(after, entry);
    }

    static PoolRecord prune(PoolRecord before, PoolState after, List<BundleId> gone, long atMs) {
        String names = gone.stream().map(BundleId::value).collect(Collectors.joining(" "));
        AuditEntry entry = new AuditEntry(
                before.nextSequence(),
                atMs,
                STORE,
                AuditEntry.Action.PRUNE,
                after.pool(),
                gone.getFirst(),
                null,
                null,
                after.revision(),
                "retention",
                Map.of("bundles", names));
        return new PoolRecord(after, entry);
    }
}
