package dev.presage.router.model;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PoolState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Where champions are asked for and bundles are fetched from. Called on the watcher's thread only; may block. */
public interface BundleSource {
    /**
     * A pool's champion at one revision of its aliases.
     *
     * @param bundle empty when the pool has no champion
     */
    record Champion(long revision, Optional<BundleId> bundle) {}

    Champion champion(String pool) throws IOException;

    /** The archive as it was found, unverified; empty when there is none. */
    Optional<byte[]> archive(BundleId bundle) throws IOException;

    /** A registry, as the store's client is one. */
    static BundleSource of(ModelRegistry registry) {
        return new BundleSource() {
            @Override
            public Champion champion(String pool) throws IOException {
                PoolState state = registry.pool(pool, 0);
                return new Champion(state.revision(), state.bundle(Alias.CHAMPION));
            }

            @Override
            public Optional<byte[]> archive(BundleId bundle) throws IOException {
                return registry.archive(bundle);
            }
        };
    }

    /** A store's directory, read while the store that owns it may be writing or may be down. */
    static BundleSource of(Path storeDirectory) {
        return new DirectorySource(storeDirectory);
    }
}
