package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.ModelCard;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pool's aliases and versions at one moment. Immutable.
 *
 * @param revision grows by one with each alias move; what a promoter must have seen to move one
 * @param aliases bundle per alias; an alias that nothing holds is absent
 * @param versions oldest publication first
 */
public record PoolState(String pool, long revision, Map<Alias, BundleId> aliases, List<VersionEntry> versions) {
    public PoolState {
        ModelCard.requirePool(pool);
        if (revision < 0) {
            throw new IllegalArgumentException("revision " + revision + " must not be negative");
        }
        aliases = Map.copyOf(aliases);
        versions = List.copyOf(versions);
    }

    /** A pool that nothing was published to. */
    public static PoolState empty(String pool) {
        return new PoolState(pool, 0, Map.of(), List.of());
    }

    public Optional<BundleId> bundle(Alias alias) {
        return Optional.ofNullable(aliases.get(alias));
    }

    public Optional<VersionEntry> version(BundleId bundle) {
        return versions.stream()
                .filter(version -> version.bundle().equals(bundle))
                .findFirst();
    }

    PoolState withVersion(VersionEntry added) {
        return new PoolState(
                pool,
                revision,
                aliases,
                Stream.concat(versions.stream(), Stream.of(added)).toList());
    }

    PoolState withoutVersions(List<BundleId> gone) {
        return new PoolState(
                pool,
                revision,
                aliases,
                versions.stream()
                        .filter(version -> !gone.contains(version.bundle()))
                        .toList());
    }

    PoolState moved(Map<Alias, BundleId> next, Map<BundleId, LifecycleState> states) {
        List<VersionEntry> changed = versions.stream()
                .map(version -> version.in(states.getOrDefault(version.bundle(), version.state())))
                .toList();
        return new PoolState(pool, revision + 1, next, changed);
    }

    EnumMap<Alias, BundleId> aliasesCopy() {
        EnumMap<Alias, BundleId> copy = new EnumMap<>(Alias.class);
        copy.putAll(aliases);
        return copy;
    }
}
