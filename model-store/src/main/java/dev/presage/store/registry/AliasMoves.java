package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a move does to a pool: pure functions from state and request to outcome. */
final class AliasMoves {
    private AliasMoves() {}

    static MoveOutcome move(PoolState state, MoveRequest request) {
        if (state.revision() != request.expectedRevision()) {
            return new MoveOutcome.Conflict(state, request.expectedRevision());
        }
        if (request.alias() == Alias.PREVIOUS) {
            return new MoveOutcome.Refused(state, "alias previous is moved by promotion and rollback only");
        }
        Optional<VersionEntry> version = state.version(request.bundle());
        if (version.isEmpty()) {
            return new MoveOutcome.Refused(state, "pool " + state.pool() + " has no bundle " + request.bundle());
        }
        if (state.bundle(request.alias()).equals(Optional.of(request.bundle()))) {
            return new MoveOutcome.Unchanged(state);
        }
        return to(state, request.alias(), version.get());
    }

    static MoveOutcome rollback(PoolState state, RollbackRequest request) {
        if (state.revision() != request.expectedRevision()) {
            return new MoveOutcome.Conflict(state, request.expectedRevision());
        }
        Optional<VersionEntry> previous = state.bundle(Alias.PREVIOUS).flatMap(state::version);
        if (previous.isEmpty()) {
            return new MoveOutcome.Refused(state, "pool " + state.pool() + " has no previous champion");
        }
        MoveOutcome outcome = to(state, Alias.CHAMPION, previous.get());
        if (!(outcome instanceof MoveOutcome.Moved moved)) {
            return outcome;
        }
        // The one rolled back from must not be what the next rollback returns to.
        EnumMap<Alias, BundleId> aliases = moved.state().aliasesCopy();
        aliases.remove(Alias.PREVIOUS);
        return new MoveOutcome.Moved(new PoolState(
                state.pool(), moved.state().revision(), aliases, moved.state().versions()));
    }

    private static MoveOutcome to(PoolState state, Alias alias, VersionEntry version) {
        if (!version.state().mayBecome(alias.state())) {
            return new MoveOutcome.Refused(
                    state,
                    "bundle " + version.bundle() + " is " + version.state() + " and cannot become " + alias.state());
        }
        EnumMap<Alias, BundleId> aliases = state.aliasesCopy();
        Map<BundleId, LifecycleState> states = new HashMap<>();
        aliases.values().remove(version.bundle());
        BundleId displaced = aliases.put(alias, version.bundle());
        if (displaced != null) {
            states.put(displaced, LifecycleState.RETIRED);
            if (alias == Alias.CHAMPION) {
                aliases.put(Alias.PREVIOUS, displaced);
            }
        }
        states.put(version.bundle(), alias.state());
        return new MoveOutcome.Moved(state.moved(aliases, states));
    }
}
