package dev.presage.router.fleet;

import java.util.List;
import java.util.function.Predicate;

/** The fleet at one moment, in discovery order. Immutable; what a pick sees. */
public record FleetSnapshot(List<EndpointState> endpoints) {
    public FleetSnapshot {
        endpoints = List.copyOf(endpoints);
    }

    public boolean isEmpty() {
        return endpoints.isEmpty();
    }

    public int size() {
        return endpoints.size();
    }

    /** The endpoints that pass, in the same order. */
    public FleetSnapshot where(Predicate<Endpoint> allowed) {
        return new FleetSnapshot(endpoints.stream()
                .filter(state -> allowed.test(state.endpoint()))
                .toList());
    }
}
