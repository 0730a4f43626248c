package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Pairs a pool's new state with the audit entry of the change. */
final class AuditTrail {
    private static final String STORE = "presage store";
    private static final String DROPPED = "bundles";

    private AuditTrail() {}

    static PoolRecord publish(PoolRecord before, PoolState after, BundleId bundle, String actor, long atMs) {
        return new PoolRecord(
                after,
                new AuditEntry(
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
                        Map.of()));
    }

    static PoolRecord change(PoolRecord before, PoolState after, PoolChange change, long atMs) {
        Map<Alias, BundleId> held = before.state().aliases();
        return switch (change) {
            case MoveRequest move ->
                entry(
                        before,
                        after,
                        change,
                        atMs,
                        AuditEntry.Action.MOVE,
                        move.bundle(),
                        move.alias(),
                        held.get(move.alias()));
            case RollbackRequest _ ->
                entry(
                        before,
                        after,
                        change,
                        atMs,
                        AuditEntry.Action.ROLLBACK,
                        after.aliases().get(Alias.CHAMPION),
                        Alias.CHAMPION,
                        held.get(Alias.CHAMPION));
            case WithdrawRequest withdraw ->
                entry(before, after, change, atMs, AuditEntry.Action.WITHDRAW, withdraw.bundle(), null, null);
            case FreezeRequest freeze -> {
                AuditEntry.Action action = freeze.frozen() ? AuditEntry.Action.FREEZE : AuditEntry.Action.UNFREEZE;
                yield entry(before, after, change, atMs, action, null, null, null);
            }
            case AnnotateRequest annotate ->
                entry(before, after, change, atMs, AuditEntry.Action.ANNOTATE, annotate.bundle(), null, null);
            case AttachRequest attach ->
                entry(before, after, change, atMs, AuditEntry.Action.ATTACH, attach.bundle(), null, null);
        };
    }

    private static PoolRecord entry(
            PoolRecord before,
            PoolState after,
            PoolChange change,
            long atMs,
            AuditEntry.Action action,
            @Nullable BundleId bundle,
            @Nullable Alias alias,
            @Nullable BundleId replaced) {
        return new PoolRecord(
                after,
                new AuditEntry(
                        before.nextSequence(),
                        atMs,
                        change.actor(),
                        action,
                        after.pool(),
                        bundle,
                        alias,
                        replaced,
                        after.revision(),
                        change.reason(),
                        figures(change)));
    }

    /** What the entry tells besides what the request brought. */
    private static Map<String, String> figures(PoolChange change) {
        Map<String, String> figures = new TreeMap<>(change.evidence());
        switch (change) {
            case WithdrawRequest withdraw -> figures.put("to", withdraw.to().name());
            case AnnotateRequest annotate -> {
                figures.put("tags", String.join(" ", annotate.tags()).transform(AuditTrail::shortened));
                figures.put("note", annotate.note());
            }
            case AttachRequest attach ->
                figures.put(attach.kind().key(), attach.report().digest());
            case MoveRequest _, RollbackRequest _, FreezeRequest _ -> {}
        }
        return Map.copyOf(figures);
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(text.length(), 900));
    }

    static PoolRecord prune(PoolRecord before, PoolState after, Collection<BundleId> gone, long atMs) {
        List<BundleId> bundles = List.copyOf(gone);
        String names = bundles.stream().map(BundleId::value).collect(Collectors.joining(" "));
        return new PoolRecord(
                after,
                new AuditEntry(
                        before.nextSequence(),
                        atMs,
                        STORE,
                        AuditEntry.Action.PRUNE,
                        after.pool(),
                        bundles.getFirst(),
                        null,
                        null,
                        after.revision(),
                        "retention",
                        Map.of(DROPPED, names)));
    }

    /** What a prune's entry names; empty for every other. */
    static List<BundleId> dropped(AuditEntry entry) {
        String names =
                entry.action() == AuditEntry.Action.PRUNE ? entry.evidence().getOrDefault(DROPPED, "") : "";
        return names.isEmpty()
                ? List.of()
                : Arrays.stream(names.split(" ")).map(BundleId::parse).toList();
    }
}
