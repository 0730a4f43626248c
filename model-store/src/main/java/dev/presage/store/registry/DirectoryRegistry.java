package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.Refusal;
import dev.presage.store.bundle.Verification;
import dev.presage.store.bundle.VerifiedBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The registry in a directory that one process owns. A change is committed by the rename of one pool's {@code state.json}; killed at any
 * point before, it did not happen, after, it did, and {@link #open} tidies the rest. Writers queue on a lock, readers see the last committed
 * state without one.
 */
public final class DirectoryRegistry implements ModelRegistry, AutoCloseable {
    /** Versions without an alias that a pool keeps, by default. */
    public static final int KEEP = 50;

    private final ReentrantLock writing = new ReentrantLock();
    private final DirectoryLock lock;
    private final StoreDirectory directory;
    private final BundleReader reader;
    private final Recovery recovery;
    private final int keep;
    private final InstantSource clock;
    private volatile Map<String, PoolRecord> pools = Map.of();
    private boolean recovered;

    private DirectoryRegistry(
            DirectoryLock lock, StoreDirectory directory, BundleReader reader, int keep, InstantSource clock) {
        this.lock = lock;
        this.directory = directory;
        this.reader = reader;
        this.keep = keep;
        this.clock = clock;
        recovery = new Recovery(directory, reader, clock);
    }

    /**
     * Opens or creates the directory and finishes what a killed process left.
     *
     * @param keep versions without an alias to keep per pool, at least 1
     * @throws IOException when another process has it open, or a file is damaged
     */
    public static DirectoryRegistry open(Path root, BundleReader reader, int keep, InstantSource clock)
            throws IOException {
        return open(root, reader, keep, clock, new DurableFiles());
    }

    static DirectoryRegistry open(Path root, BundleReader reader, int keep, InstantSource clock, FileOperations files)
            throws IOException {
        if (keep < 1) {
            throw new IllegalArgumentException("versions to keep " + keep + " must be at least 1");
        }
        DirectoryLock lock = DirectoryLock.acquire(root);
        try {
            DirectoryRegistry registry =
                    new DirectoryRegistry(lock, new StoreDirectory(root, files), reader, keep, clock);
            registry.recover();
            return registry;
        } catch (Throwable e) {
            lock.close();
            throw e;
        }
    }

    @Override
    public PublishOutcome publish(String pool, byte[] archive, String actor) throws IOException {
        ModelCard.requirePool(pool);
        Accountability.require(actor, "published", Map.of());
        return switch (reader.verify(archive)) {
            case Verification.Refused(Refusal refusal) -> refused(refusal);
            case VerifiedBundle bundle -> {
                String owner = bundle.manifest().card().pool();
                yield owner.equals(pool)
                        ? locked(() -> store(bundle, archive, actor))
                        : refused(new Refusal.PoolMismatch(pool, owner));
            }
        };
    }

    @Override
    public Optional<byte[]> archive(BundleId bundle) throws IOException {
        return directory.readBundle(bundle);
    }

    @Override
    public List<String> pools() {
        return pools.keySet().stream().sorted().toList();
    }

    @Override
    public PoolState pool(String pool) {
        return record(pool).state();
    }

    @Override
    public ChangeOutcome change(PoolChange change) throws IOException {
        return locked(() -> {
            PoolRecord before = record(change.pool());
            long now = clock.millis();
            ChangeOutcome outcome = PoolChanges.apply(before.state(), change, now);
            if (outcome instanceof ChangeOutcome.Changed(PoolState after)) {
                if (change instanceof AttachRequest attach) {
                    directory.writeEvidence(attach.report());
                }
                commit(AuditTrail.change(before, after, change, now));
            }
            return outcome;
        });
    }

    @Override
    public Optional<EvidenceReport> evidence(String pool, BundleId bundle, EvidenceKind kind) throws IOException {
        String digest = pool(pool)
                .version(bundle)
                .map(version -> version.evidence().get(kind))
                .orElse(null);
        return digest == null ? Optional.empty() : directory.readEvidence(digest);
    }

    @Override
    public List<AuditEntry> audit(String pool, int newest) throws IOException {
        return pools.containsKey(pool) ? directory.audit(pool).newest(newest) : List.of();
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private PublishOutcome store(VerifiedBundle bundle, byte[] archive, String actor) throws IOException {
        PoolRecord before = record(bundle.manifest().card().pool());
        if (before.state().version(bundle.id()).isPresent()) {
            return new PublishOutcome.Published(bundle.id(), false);
        }
        directory.writeBundle(bundle.id(), archive);
        PoolState after = before.state().withVersion(VersionEntry.candidate(bundle, archive.length));
        commit(AuditTrail.publish(before, after, bundle.id(), actor, clock.millis()));
        prune(after.pool());
        return new PublishOutcome.Published(bundle.id(), true);
    }

    /** Files go first: a version without a file is dropped at the next start, a file without a version would be adopted again. */
    private void prune(String pool) throws IOException {
        PoolRecord before = record(pool);
        Set<BundleId> gone = Retention.expired(before.state(), keep);
        if (gone.isEmpty()) {
            return;
        }
        for (BundleId bundle : gone) {
            directory.deleteBundle(bundle);
        }
        commit(AuditTrail.prune(before, before.state().withoutVersions(gone), gone, clock.millis()));
    }

    private void commit(PoolRecord next) throws IOException {
        directory.writePool(next);
        Map<String, PoolRecord> changed = new TreeMap<>(pools);
        changed.put(next.state().pool(), next);
        pools = Map.copyOf(changed);
        if (next.last() != null) {
            directory.audit(next.state().pool()).append(next.last());
        }
    }

    private PoolRecord record(String pool) {
        return pools.getOrDefault(pool, new PoolRecord(PoolState.empty(pool), null));
    }

    private void recover() throws IOException {
        pools = recovery.run();
        recovered = true;
        for (String pool : pools()) {
            prune(pool);
        }
    }

    private static PublishOutcome refused(Refusal refusal) {
        return new PublishOutcome.Refused(refusal.code(), refusal.message());
    }

    private <T> T locked(Change<T> change) throws IOException {
        writing.lock();
        try {
            if (!recovered) {
                recover();
            }
            // A change that fails half-way (full disk) leaves the same mess as a crash: the next one starts by tidying.
            recovered = false;
            T result = change.run();
            recovered = true;
            return result;
        } finally {
            writing.unlock();
        }
    }

    private interface Change<T> {
        T run() throws IOException;
    }
}
