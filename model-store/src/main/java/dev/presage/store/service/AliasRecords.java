package dev.presage.store.service;

import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.PoolState;
import java.net.URI;
import java.util.Arrays;
import java.util.List;

/** A pool's state as announcements. */
final class AliasRecords {
    private AliasRecords() {}

    /** One record per alias, also for those that nothing holds: a removal may have been missed. */
    static List<AliasMoved> of(PoolState state, URI base, long atMs, String actor, String reason) {
        return Arrays.stream(Alias.values())
                .map(alias -> record(state, base, alias)
                        .setMovedAtMs(atMs)
                        .setActor(actor)
                        .setReason(reason)
                        .build())
                .toList();
    }

    private static AliasMoved.Builder record(PoolState state, URI base, Alias alias) {
        AliasMoved.Builder moved = AliasMoved.newBuilder()
                .setSchemaVersion(EventFormat.SCHEMA_VERSION)
                .setPool(state.pool())
                .setAlias(alias.key())
                .setRevision(state.revision());
        state.bundle(alias).ifPresent(bundle -> moved.setBundleId(bundle.value())
                .setLocation(base.resolve("/v1/bundles/" + bundle).toString()));
        return moved;
    }
}
