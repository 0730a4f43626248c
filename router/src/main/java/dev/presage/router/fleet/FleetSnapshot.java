package dev.presage.router.fleet;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The fleet at one moment, in discovery order. Immutable; what a pick sees. */
public final class FleetSnapshot {
    private final EndpointState[] states;
    private final Set<String> adapters;

    public FleetSnapshot(List<EndpointState> endpoints) {
        this(endpoints.toArray(EndpointState[]::new), Set.of());
    }

    /** Takes the array over; {@code adapters} are declared or served, perhaps not loaded. */
    FleetSnapshot(EndpointState[] states, Set<String> adapters) {
        this.states = states;
        this.adapters = adapters;
    }

    public boolean isEmpty() {
        return states.length == 0;
    }

    public int size() {
        return states.length;
    }

    /** The state at a place from 0 to below {@link #size}. */
    public EndpointState get(int place) {
        return states[place];
    }

    /** Whether a model of that name is a LoRA adapter: somebody has declared it, or an engine serves or has used it. */
    public boolean isAdapter(String model) {
        if (adapters.contains(model)) {
            return true;
        }
        for (EndpointState state : states) {
            if (state.signals().knowsAdapter(model)) {
                return true;
            }
        }
        return false;
    }

    /** All states; an unmodifiable view. */
    public List<EndpointState> endpoints() {
        return Collections.unmodifiableList(Arrays.asList(states));
    }

    /** The endpoints at these places, in that order. */
    public FleetSnapshot only(int[] places) {
        EndpointState[] kept = new EndpointState[places.length];
        for (int i = 0; i < places.length; i++) {
            kept[i] = states[places[i]];
        }
        return new FleetSnapshot(kept, adapters);
    }

    /** The endpoints that pass, in the same order; this snapshot when all do. Each is asked once. */
    public FleetSnapshot where(Predicate<Endpoint> allowed) {
        EndpointState[] passed = new EndpointState[states.length];
        int count = 0;
        for (EndpointState state : states) {
            if (allowed.test(state.endpoint())) {
                passed[count++] = state;
            }
        }
        return count == states.length ? this : new FleetSnapshot(Arrays.copyOf(passed, count), adapters);
    }
}
