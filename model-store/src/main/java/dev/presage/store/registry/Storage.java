package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Where a registry keeps its bundles, reports, pools and audit logs. Each but the log appears whole or not at all. Writes come one at a time,
 * reads at any time.
 */
interface Storage {
    /** Deletes what interrupted writes left. */
    void clean() throws IOException;

    List<String> poolNames() throws IOException;

    Optional<PoolRecord> readPool(String pool) throws IOException;

    /**
     * Commits.
     *
     * @throws LostRaceException when another process committed since this one last read or wrote the pool
     */
    void writePool(PoolRecord pool) throws IOException;

    AuditLog audit(String pool);

    List<BundleId> bundleIds() throws IOException;

    Optional<byte[]> readBundle(BundleId bundle) throws IOException;

    void writeBundle(BundleId bundle, byte[] archive) throws IOException;

    /** One that is not there is deleted already. */
    void deleteBundle(BundleId bundle) throws IOException;

    Optional<EvidenceReport> readEvidence(String digest) throws IOException;

    void writeEvidence(EvidenceReport report) throws IOException;

    /** Reports that may be deleted when no version names them. */
    List<String> evidenceDigests() throws IOException;

    void deleteEvidence(String digest) throws IOException;
}
