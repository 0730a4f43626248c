package dev.presage.store.registry;

import dev.presage.store.bundle.BundleId;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a change does to a pool: pure functions from state and request to outcome. */
final class PoolChanges {
    private PoolChanges() {}

    /** @param atMs the time that a freeze starts at */
    static ChangeOutcome apply(PoolState state, PoolChange change, long atMs) {
        return switch (change) {
            case MoveRequest move -> move(state, move);
            case RollbackRequest rollback -> rollback(state, rollback);
            case WithdrawRequest withdraw -> withdraw(state, withdraw);
            case FreezeRequest freeze -> freeze(state, freeze, atMs);
            case AnnotateRequest annotate ->
                version(state, annotate.bundle(), version -> version.annotated(annotate.tags(), annotate.note()));
            case AttachRequest attach ->
                version(
                        state,
                        attach.bundle(),
                        version -> version.with(attach.kind(), attach.report().digest()));
        };
    }

    private static ChangeOutcome move(PoolState state, MoveRequest request) {
        if (state.revision() != request.expectedRevision()) {
            return new ChangeOutcome.Conflict(state, request.expectedRevision());
        }
        if (request.alias() == Alias.PREVIOUS) {
            return new ChangeOutcome.Refused(state, "alias previous is moved by promotion and rollback only");
        }
        Optional<VersionEntry> version = state.version(request.bundle());
        if (version.isEmpty()) {
            return unknown(state, request.bundle());
        }
        if (state.bundle(request.alias()).equals(Optional.of(request.bundle()))) {
            return new ChangeOutcome.Unchanged(state);
        }
        Freeze freeze = state.frozen();
        return freeze == null
                ? to(state, request.alias(), version.get())
                : new ChangeOutcome.Refused(
                        state,
                        "pool " + state.pool() + " is frozen by " + freeze.actor() + " since "
                                + Instant.ofEpochMilli(freeze.sinceMs()) + ": " + freeze.reason());
    }

    private static ChangeOutcome rollback(PoolState state, RollbackRequest request) {
        if (state.revision() != request.expectedRevision()) {
            return new ChangeOutcome.Conflict(state, request.expectedRevision());
        }
        Optional<VersionEntry> previous = state.bundle(Alias.PREVIOUS).flatMap(state::version);
        if (previous.isEmpty()) {
            return new ChangeOutcome.Refused(state, "pool " + state.pool() + " has no previous champion");
        }
        ChangeOutcome outcome = to(state, Alias.CHAMPION, previous.get());
        if (!(outcome instanceof ChangeOutcome.Changed(PoolState moved))) {
            return outcome;
        }
        // The one rolled back from must not be what the next rollback returns to.
        EnumMap<Alias, BundleId> aliases = moved.aliasesCopy();
        aliases.remove(Alias.PREVIOUS);
        return new ChangeOutcome.Changed(
                new PoolState(state.pool(), moved.revision(), aliases, moved.frozen(), moved.versions()));
    }

    private static ChangeOutcome withdraw(PoolState state, WithdrawRequest request) {
        if (state.revision() != request.expectedRevision()) {
            return new ChangeOutcome.Conflict(state, request.expectedRevision());
        }
        Optional<VersionEntry> version = state.version(request.bundle());
        if (version.isEmpty()) {
            return unknown(state, request.bundle());
        }
        EnumMap<Alias, BundleId> aliases = state.aliasesCopy();
        boolean held = aliases.values().remove(request.bundle());
        if (version.get().state() == request.to() && !held) {
            return new ChangeOutcome.Unchanged(state);
        }
        if (version.get().state() != request.to() && !version.get().state().mayBecome(request.to())) {
            return illegal(state, version.get(), request.to());
        }
        return new ChangeOutcome.Changed(state.moved(aliases, Map.of(request.bundle(), request.to())));
    }

    private static ChangeOutcome freeze(PoolState state, FreezeRequest request, long atMs) {
        if (state.revision() != request.expectedRevision()) {
            return new ChangeOutcome.Conflict(state, request.expectedRevision());
        }
        if (request.frozen() == (state.frozen() != null)) {
            return new ChangeOutcome.Unchanged(state);
        }
        return new ChangeOutcome.Changed(
                state.frozen(request.frozen() ? new Freeze(atMs, request.actor(), request.reason()) : null));
    }

    private static ChangeOutcome version(PoolState state, BundleId bundle, UnaryOperator<VersionEntry> change) {
        if (state.version(bundle).isEmpty()) {
            return unknown(state, bundle);
        }
        PoolState next = state.with(bundle, change);
        return next.equals(state) ? new ChangeOutcome.Unchanged(state) : new ChangeOutcome.Changed(next);
    }

    private static ChangeOutcome to(PoolState state, Alias alias, VersionEntry version) {
        if (!version.state().mayBecome(alias.state())) {
            return illegal(state, version, alias.state());
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
        return new ChangeOutcome.Changed(state.moved(aliases, states));
    }

    private static ChangeOutcome unknown(PoolState state, BundleId bundle) {
        return new ChangeOutcome.Refused(state, "pool " + state.pool() + " has no bundle " + bundle);
    }

    private static ChangeOutcome illegal(PoolState state, VersionEntry version, LifecycleState to) {
        return new ChangeOutcome.Refused(
                state, "bundle " + version.bundle() + " is " + version.state() + " and cannot become " + to);
    }
}
