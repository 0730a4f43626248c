package dev.presage.store.console;

import dev.presage.store.registry.Alias;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.VersionEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All pools at a glance: what routes, how good it is, what falls back, and whether the routers answer. */
record OverviewPage(Sources sources) {
    /** What the template shows. */
    record View(
            List<Pool> pools, List<Routers.RouterState> routers, boolean asksRouters, boolean follows, long nowMs) {}

    record Pool(PoolState state, List<Held> held, LiveFigures live) {
        boolean canRollBack() {
            return state.aliases().containsKey(Alias.PREVIOUS);
        }
    }

    /** {@code version} is null when nothing has the alias. */
    record Held(String alias, @Nullable VersionEntry version) {}

    Reply show(Ask ask) throws IOException {
        List<Pool> pools = new ArrayList<>();
        for (String pool : sources.registry().pools()) {
            PoolState state = sources.registry().pool(pool, 0);
            List<Held> held = new ArrayList<>();
            for (Alias alias : Alias.values()) {
                held.add(new Held(
                        alias.key(), state.bundle(alias).flatMap(state::version).orElse(null)));
            }
            pools.add(new Pool(state, held, sources.live(pool)));
        }
        return Reply.Shown.of(
                "Overview",
                "overview",
                "",
                "overview",
                new View(
                        pools,
                        sources.routers().look(),
                        !sources.routers().isEmpty(),
                        sources.requests().isFollowing(),
                        sources.clock().millis()));
    }
}
