package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Versions never change, aliases move. Implemented over a directory ({@link DirectoryRegistry}) and over HTTP ({@code
 * dev.presage.store.service.StoreClient}); the trainer publishes to it, the router reads from it. Thread-safe.
 */
public interface ModelRegistry {
    /** Verifies and stores a bundle of the pool as a candidate; publishing it again changes nothing. */
    PublishOutcome publish(String pool, byte[] archive, String actor) throws IOException;

    /** The archive's bytes; empty when there is no such bundle. Verify before use: the bytes are as they were found. */
    Optional<byte[]> archive(BundleId bundle) throws IOException;

    /** Pools that something was published to, sorted. */
    List<String> pools() throws IOException;

    /** The pool now; {@link PoolState#empty} when nothing was published to it. */
    PoolState pool(String pool) throws IOException;

    /** Moves an alias. A new champion makes the old one {@link Alias#PREVIOUS}. */
    MoveOutcome move(MoveRequest request) throws IOException;

    /** Makes the previous champion the champion again; then nothing is previous. */
    MoveOutcome rollback(RollbackRequest request) throws IOException;
}
