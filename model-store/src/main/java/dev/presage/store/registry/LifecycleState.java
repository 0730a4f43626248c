package dev.presage.store.registry;

import java.util.Map;
import java.util.Set;

/** Where a version stands in its life. */
public enum LifecycleState {
    CANDIDATE,
    SHADOW,
    CANARY,
    CHAMPION,
    RETIRED,
    REJECTED;

    private static final Map<LifecycleState, Set<LifecycleState>> LEGAL = Map.of(
            CANDIDATE, Set.of(SHADOW, CANARY, CHAMPION, REJECTED),
            SHADOW, Set.of(CANARY, CHAMPION, RETIRED, REJECTED),
            CANARY, Set.of(CHAMPION, RETIRED, REJECTED),
            CHAMPION, Set.of(RETIRED, REJECTED),
            // A rollback, or an operator who takes one back.
            RETIRED, Set.of(SHADOW, CANARY, CHAMPION, REJECTED),
            REJECTED, Set.of());

    /** True when a version may go from this state to that one. */
    public boolean mayBecome(LifecycleState next) {
        return LEGAL.getOrDefault(this, Set.of()).contains(next);
    }
}
