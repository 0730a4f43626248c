package dev.presage.testbed.engine;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The adapters in memory, least recently used first. One that a running sequence uses is never dropped, so a sequence whose
 * adapter finds no place must wait. Not thread-safe.
 */
final class AdapterSlots {
    private final AdapterLimits limits;
    private final LinkedHashSet<String> loaded = new LinkedHashSet<>();
    private long loads;
    private boolean seen;

    AdapterSlots(AdapterLimits limits) {
        this.limits = limits;
    }

    AdapterSlots copy() {
        AdapterSlots copy = new AdapterSlots(limits);
        copy.loaded.addAll(loaded);
        copy.loads = loads;
        copy.seen = seen;
        return copy;
    }

    AdapterLimits limits() {
        return limits;
    }

    Set<String> loaded() {
        return Set.copyOf(loaded);
    }

    /** Loads since the start. */
    long loads() {
        return loads;
    }

    /** Whether any request ever asked for an adapter. */
    boolean seen() {
        return seen;
    }

    void submitted(SimRequest request) {
        seen |= !request.adapter().isEmpty();
    }

    /** Whether there is a place for the adapter next to those of the running sequences. */
    boolean hasPlace(String adapter, Collection<Sequence> running) {
        return adapter.isEmpty()
                || loaded.contains(adapter)
                || loaded.size() < limits.slots()
                || inUse(running).size() < limits.slots();
    }

    /** The adapter is used from now on; true when it must be loaded for that. */
    boolean use(String adapter, Collection<Sequence> running) {
        if (adapter.isEmpty()) {
            return false;
        }
        if (loaded.remove(adapter)) {
            loaded.add(adapter);
            return false;
        }
        if (loaded.size() == limits.slots()) {
            Set<String> kept = inUse(running);
            String idle = loaded.stream()
                    .filter(it -> !kept.contains(it))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("all " + limits.slots() + " adapters are in use"));
            loaded.remove(idle);
        }
        loaded.add(adapter);
        loads++;
        return true;
    }

    static Set<String> inUse(Collection<Sequence> sequences) {
        return sequences.stream()
                .map(sequence -> sequence.request.adapter())
                .filter(adapter -> !adapter.isEmpty())
                .collect(Collectors.toSet());
    }
}
