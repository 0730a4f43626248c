package dev.presage.store.console;

import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.VersionEntry;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;

/** Where pages get their content from. */
record Sources(ModelRegistry registry, Bundles bundles, RecentRequests requests, Routers routers, InstantSource clock) {
    LiveFigures live(String pool) {
        return LiveFigures.of(requests, pool, bundles::levels, clock.millis());
    }

    /** The aliases that a version has. */
    static List<String> aliases(PoolState pool, VersionEntry version) {
        return Arrays.stream(Alias.values())
                .filter(alias -> version.bundle().equals(pool.aliases().get(alias)))
                .map(Alias::key)
                .toList();
    }
}
