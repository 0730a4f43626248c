package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.ModelCard;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pool's aliases and versions at one moment. Immutable.
 *
 * @param revision grows by one with each alias move and each freeze; what a promoter must have seen to move one
 * @param aliases bundle per alias; an alias that nothing holds is absent
 * @param frozen why aliases may not move; null when they may
 * @param versions oldest publication first
 */
public record PoolState(
        String pool,
        long revision,
        Map<Alias, BundleId> aliases,
        @Nullable Freeze frozen,
        List<VersionEntry> versions) {
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
        return new PoolState(pool, 0, Map.of(), null, List.of());
    }

    public Optional<BundleId> bundle(Alias alias) {
        return Optional.ofNullable(aliases.get(alias));
    }

    public Optional<VersionEntry> version(BundleId bundle) {
        return versions.stream()
                .filter(version -> version.bundle().equals(bundle))
                .findFirst();
    }

    /** The same with the newest versions only, and those that hold an alias. */
    public PoolState newest(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("newest " + limit + " must not be negative");
        }
        int first = Math.max(0, versions.size() - limit);
        List<VersionEntry> older = versions.subList(0, first).stream()
                .filter(version -> aliases.containsValue(version.bundle()))
                .toList();
        List<VersionEntry> kept = Stream.concat(older.stream(), versions.subList(first, versions.size()).stream())
                .toList();
        return new PoolState(pool, revision, aliases, frozen, kept);
    }

    PoolState withVersion(VersionEntry added) {
        return versions(Stream.concat(versions.stream(), Stream.of(added)).toList());
    }

    PoolState withoutVersions(Set<BundleId> gone) {
        return versions(versions.stream()
                .filter(version -> !gone.contains(version.bundle()))
                .toList());
    }

    /** One version changed in what is not its state. */
    PoolState with(BundleId bundle, UnaryOperator<VersionEntry> change) {
        return versions(versions.stream()
                .map(version -> version.bundle().equals(bundle) ? change.apply(version) : version)
                .toList());
    }

    PoolState moved(Map<Alias, BundleId> next, Map<BundleId, LifecycleState> states) {
        List<VersionEntry> changed = versions.stream()
                .map(version -> version.in(states.getOrDefault(version.bundle(), version.state())))
                .toList();
        return new PoolState(pool, revision + 1, next, frozen, changed);
    }

    PoolState frozen(@Nullable Freeze freeze) {
        return new PoolState(pool, revision + 1, aliases, freeze, versions);
    }

    EnumMap<Alias, BundleId> aliasesCopy() {
        EnumMap<Alias, BundleId> copy = new EnumMap<>(Alias.class);
        copy.putAll(aliases);
        return copy;
    }

    private PoolState versions(List<VersionEntry> next) {
        return new PoolState(pool, revision, aliases, frozen, next);
    }
}
