package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.Refusal;
import dev.presage.store.bundle.Verification;
import dev.presage.store.bundle.VerifiedBundle;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A registry over a {@link Storage}. A change is committed by one write of one pool's state; killed at any point before, the change did not
 * happen, after, it did, and the next start tidies the rest. Writers queue on a lock, readers see the last committed state without one.
 */
public abstract sealed class StoredRegistry implements ModelRegistry, AutoCloseable
        permits DirectoryRegistry, BucketRegistry {
    /** Versions without an alias that a pool keeps, by default. */
    public static final int KEEP = 50;

    /** How often a change is decided again because another process was faster. */
    private static final int ATTEMPTS = 5;

    private final ReentrantLock writing = new ReentrantLock();
    private final Storage storage;
    private final BundleReader reader;
    private final Recovery recovery;
    private final int keep;
    private final InstantSource clock;
    private volatile Map<String, PoolRecord> pools = Map.of();
    private boolean recovered;

    StoredRegistry(Storage storage, BundleReader reader, int keep, InstantSource clock) {
        if (keep < 1) {
            throw new IllegalArgumentException("versions to keep " + keep + " must be at least 1");
        }
        this.storage = storage;
        this.reader = reader;
        this.keep = keep;
        this.clock = clock;
        recovery = new Recovery(storage, reader, clock);
    }

    /** Reads all pools and finishes what a killed process left. */
    final void start() throws IOException {
        locked(() -> pools);
    }

    @Override
    public final PublishOutcome publish(String pool, byte[] archive, String actor) throws IOException {
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
    public final Optional<byte[]> archive(BundleId bundle) throws IOException {
        return storage.readBundle(bundle);
    }

    @Override
    public final List<String> pools() {
        return pools.keySet().stream().sorted().toList();
    }

    @Override
    public final PoolState pool(String pool) {
        return record(pool).state();
    }

    @Override
    public final ChangeOutcome change(PoolChange change) throws IOException {
        return locked(() -> {
            PoolRecord before = record(change.pool());
            long now = clock.millis();
            ChangeOutcome outcome = PoolChanges.apply(before.state(), change, now);
            if (outcome instanceof ChangeOutcome.Changed(PoolState after)) {
                if (change instanceof AttachRequest attach) {
                    storage.writeEvidence(attach.report());
                }
                commit(AuditTrail.change(before, after, change, now));
            }
            return outcome;
        });
    }

    @Override
    public final MovePlan plan(MoveRequest move) {
        return new MovePlan(PoolChanges.apply(pool(move.pool()), move, clock.millis()), List.of());
    }

    @Override
    public final Optional<EvidenceReport> evidence(String pool, BundleId bundle, EvidenceKind kind) throws IOException {
        String digest = pool(pool)
                .version(bundle)
                .map(version -> version.evidence().get(kind))
                .orElse(null);
        return digest == null ? Optional.empty() : storage.readEvidence(digest);
    }

    @Override
    public final List<AuditEntry> audit(String pool, int newest) throws IOException {
        return pools.containsKey(pool) ? storage.audit(pool).newest(newest) : List.of();
    }

    @Override
    public abstract void close() throws IOException;

    /** Where it is, for people. */
    @Override
    public abstract String toString();

    private PublishOutcome store(VerifiedBundle bundle, byte[] archive, String actor) throws IOException {
        PoolRecord before = record(bundle.manifest().card().pool());
        if (before.state().version(bundle.id()).isPresent()) {
            return new PublishOutcome.Published(bundle.id(), false);
        }
        storage.writeBundle(bundle.id(), archive);
        PoolState after = before.state().withVersion(VersionEntry.candidate(bundle, archive.length));
        commit(AuditTrail.publish(before, after, bundle.id(), actor, clock.millis()));
        prune(after.pool());
        return new PublishOutcome.Published(bundle.id(), true);
    }

    /** The commit goes first and names the bundles: were it not made, or made by another process, nothing may be deleted. */
    private void prune(String pool) throws IOException {
        PoolRecord before = record(pool);
        Set<BundleId> gone = Retention.expired(before.state(), keep);
        if (gone.isEmpty()) {
            return;
        }
        commit(AuditTrail.prune(before, before.state().withoutVersions(gone), gone, clock.millis()));
        for (BundleId bundle : gone) {
            storage.deleteBundle(bundle);
        }
    }

    private void commit(PoolRecord next) throws IOException {
        storage.writePool(next);
        Map<String, PoolRecord> changed = new TreeMap<>(pools);
        changed.put(next.state().pool(), next);
        pools = Map.copyOf(changed);
        if (next.last() != null) {
            storage.audit(next.state().pool()).append(next.last());
        }
    }

    private PoolRecord record(String pool) {
        return pools.getOrDefault(pool, new PoolRecord(PoolState.empty(pool), null));
    }

    private void recover() throws IOException {
        pools = recovery.run();
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
            for (int attempt = 1; true; attempt++) {
                try {
                    return tidily(change);
                } catch (LostRaceException e) {
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        } finally {
            writing.unlock();
        }
    }

    /** A change that fails half-way (full disk, lost race) leaves the same mess as a crash: the next one starts by tidying. */
    private <T> T tidily(Change<T> change) throws IOException {
        if (!recovered) {
            recover();
        }
        recovered = false;
        T result = change.run();
        recovered = true;
        return result;
    }

    private interface Change<T> {
        T run() throws IOException;
    }
}
