package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import java.util.List;

/** Which versions of a pool are dropped: the oldest of those that no alias names, beyond a number to keep. */
final class Retention {
    private Retention() {}

    static List<BundleId> expired(PoolState state, int keep) {
        List<BundleId> free = state.versions().stream()
                .map(VersionEntry::bundle)
                .filter(bundle -> !state.aliases().containsValue(bundle))
                .toList();
        return free.subList(0, Math.max(0, free.size() - keep));
    }
}
