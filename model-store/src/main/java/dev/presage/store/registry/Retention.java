package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which versions of a pool are dropped: the oldest beyond a number to keep, of those that nothing refers to. An alias refers to a
 * version and to its parent, which it is compared with; the tag {@value VersionEntry#KEEP} to its own.
 */
final class Retention {
    private Retention() {}

    static Set<BundleId> expired(PoolState state, int keep) {
        Set<BundleId> referenced = new HashSet<>(state.aliases().values());
        for (VersionEntry version : state.versions()) {
            BundleId parent = version.parent();
            if (parent != null && state.aliases().containsValue(version.bundle())) {
                referenced.add(parent);
            }
        }
        List<BundleId> free = state.versions().stream()
                .filter(version -> !version.tags().contains(VersionEntry.KEEP))
                .map(VersionEntry::bundle)
                .filter(bundle -> !referenced.contains(bundle))
                .toList();
        return new LinkedHashSet<>(free.subList(0, Math.max(0, free.size() - keep)));
    }
}
