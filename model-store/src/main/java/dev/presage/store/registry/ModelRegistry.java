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

    /** The pool with its newest versions only, as {@link PoolState#newest} has it; cheap for whoever asks often. */
    default PoolState pool(String pool, int newest) throws IOException {
        return pool(pool).newest(newest);
    }

    /**
     * Moves an alias, rolls back, withdraws, freezes, annotates or attaches. A new champion makes the old one {@link Alias#PREVIOUS}; after a
     * rollback nothing is previous.
     */
    ChangeOutcome change(PoolChange change) throws IOException;

    /** The report of this kind attached to the version; empty when there is none. */
    Optional<EvidenceReport> evidence(String pool, BundleId bundle, EvidenceKind kind) throws IOException;

    /** The pool's latest audit entries, newest first. */
    List<AuditEntry> audit(String pool, int newest) throws IOException;
}
