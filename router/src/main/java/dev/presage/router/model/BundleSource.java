package dev.presage.router.model;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.LifecycleState;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.WithdrawRequest;
import dev.presage.store.service.StoreClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where aliases are asked for and bundles are fetched from. Called on the watcher's thread only; may block. */
public interface BundleSource {
    /**
     * What holds an alias of a pool at one revision.
     *
     * @param bundle empty when nothing does
     */
    record Position(long revision, Optional<BundleId> bundle) {}

    Position position(String pool, Alias alias) throws IOException;

    /** The archive as it was found, unverified; empty when there is none. */
    Optional<byte[]> archive(BundleId bundle) throws IOException;

    /** Whether an announced location is this source's own, so that {@link #archive} has what is there. */
    default boolean isAt(URI location) {
        return false;
    }

    /** Takes a version out of service for good; false where the source cannot, or somebody else was faster. */
    default boolean reject(String pool, BundleId bundle, String actor, String reason) throws IOException {
        return false;
    }

    /** A registry, as the store's client is one. */
    static BundleSource of(ModelRegistry registry) {
        return new BundleSource() {
            @Override
            public Position position(String pool, Alias alias) throws IOException {
                PoolState state = registry.pool(pool, 0);
                return new Position(state.revision(), state.bundle(alias));
            }

            @Override
            public Optional<byte[]> archive(BundleId bundle) throws IOException {
                return registry.archive(bundle);
            }

            @Override
            public boolean isAt(URI location) {
                return registry instanceof StoreClient client && client.isAt(location);
            }

            @Override
            public boolean reject(String pool, BundleId bundle, String actor, String reason) throws IOException {
                PoolState state = registry.pool(pool, 0);
                return registry.change(new WithdrawRequest(
                                pool, bundle, LifecycleState.REJECTED, state.revision(), actor, reason, Map.of()))
                        instanceof ChangeOutcome.Changed;
            }
        };
    }

    /** A store's directory, read while the store that owns it may be writing or may be down. */
    static BundleSource of(Path storeDirectory) {
        return new DirectorySource(storeDirectory);
    }
}
