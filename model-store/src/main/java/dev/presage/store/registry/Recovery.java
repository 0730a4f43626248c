package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.Verification;
import dev.presage.store.bundle.VerifiedBundle;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What opening a store does: deletes drafts, gives the audit logs their last entries, deletes bundles that retention had already dropped, drops
 * versions whose bundle is gone, and adopts bundles whose publication stopped before its commit.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Storage storage;
    private final BundleReader reader;
    private final InstantSource clock;

    Recovery(Storage storage, BundleReader reader, InstantSource clock) {
        this.storage = storage;
        this.reader = reader;
        this.clock = clock;
    }

    Map<String, PoolRecord> run() throws IOException {
        storage.clean();
        Set<BundleId> files = Set.copyOf(storage.bundleIds());
        Map<String, PoolRecord> pools = new TreeMap<>();
        for (String name : storage.poolNames()) {
            PoolRecord pool = storage.readPool(name).orElse(null);
            if (pool != null) {
                pools.put(name, heal(pool, files));
            }
        }
        adopt(pools);
        dropStrayEvidence(pools);
        return Map.copyOf(pools);
    }

    private PoolRecord heal(PoolRecord pool, Set<BundleId> files) throws IOException {
        String name = pool.state().pool();
        if (pool.last() != null) {
            storage.audit(name).heal(pool.last());
            for (BundleId bundle : AuditTrail.dropped(pool.last())) {
                storage.deleteBundle(bundle);
            }
        }
        List<BundleId> missing = pool.state().versions().stream()
                .map(VersionEntry::bundle)
                .filter(bundle -> !files.contains(bundle))
                .toList();
        List<BundleId> gone = missing.stream()
                .filter(bundle -> !pool.state().aliases().containsValue(bundle))
                .toList();
        missing.stream()
                .filter(bundle -> !gone.contains(bundle))
                .forEach(bundle -> LOG.error("Pool {} names the bundle {}, whose file is gone", name, bundle));
        if (gone.isEmpty()) {
            return pool;
        }
        return commit(AuditTrail.prune(pool, pool.state().withoutVersions(Set.copyOf(gone)), gone, clock.millis()));
    }

    private void adopt(Map<String, PoolRecord> pools) throws IOException {
        Set<BundleId> known = pools.values().stream()
                .flatMap(pool -> pool.state().versions().stream())
                .map(VersionEntry::bundle)
                .collect(Collectors.toSet());
        for (BundleId bundle : storage.bundleIds()) {
            if (!known.contains(bundle)) {
                adopt(pools, bundle);
            }
        }
    }

    private void adopt(Map<String, PoolRecord> pools, BundleId id) throws IOException {
        byte[] archive = storage.readBundle(id).orElseThrow(() -> new IOException(id + " vanished while opening"));
        switch (reader.verify(archive, id)) {
            case Verification.Refused refused ->
                LOG.warn("Left alone: {}: {}", id, refused.refusal().message());
            case VerifiedBundle bundle -> {
                String name = bundle.manifest().card().pool();
                PoolRecord before = pools.getOrDefault(name, new PoolRecord(PoolState.empty(name), null));
                PoolState after = before.state().withVersion(VersionEntry.candidate(bundle, archive.length));
                String actor = bundle.manifest().card().creator();
                String who = actor.substring(0, Math.min(actor.length(), 200));
                pools.put(name, commit(AuditTrail.publish(before, after, id, who, clock.millis())));
            }
        }
    }

    /** Reports that no version names: replaced ones, those of dropped versions, and those whose attachment stopped before its commit. */
    private void dropStrayEvidence(Map<String, PoolRecord> pools) throws IOException {
        Set<String> named = pools.values().stream()
                .flatMap(pool -> pool.state().versions().stream())
                .flatMap(version -> version.evidence().values().stream())
                .collect(Collectors.toSet());
        for (String digest : storage.evidenceDigests()) {
            if (!named.contains(digest)) {
                storage.deleteEvidence(digest);
            }
        }
    }

    private PoolRecord commit(PoolRecord next) throws IOException {
        storage.writePool(next);
        if (next.last() != null) {
            storage.audit(next.state().pool()).append(next.last());
        }
        return next;
    }
}
