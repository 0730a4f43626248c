package dev.presage.store.service;

import dev.presage.pipeline.proto.AliasMoved;
import java.util.List;

/** Hears where a pool's aliases are, each time one moves and once at start. Must return at once: an HTTP request waits for it. */
@FunctionalInterface
public interface AliasListener {
    /** For a store that tells nobody; its readers poll. */
    AliasListener NONE = (pool, aliases) -> {};

    /** Tells both. */
    default AliasListener and(AliasListener other) {
        return (pool, aliases) -> {
            onAliases(pool, aliases);
            other.onAliases(pool, aliases);
        };
    }

    /** All aliases of the pool at one revision; one that nothing holds has an empty bundle id. */
    void onAliases(String pool, List<AliasMoved> aliases);
}
