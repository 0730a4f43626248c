package dev.presage.router.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Values of one label: the first {@code max} distinct ones as they are, all later ones as {@code other}. Thread-safe. */
final class BoundedLabel {
    /** The contract's bound on model names. */
    static final int MAX_VALUES = 1000;

    static final String OTHER = "other";

    private final int max;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    BoundedLabel(int max) {
        this.max = max;
    }

    String of(String value) {
        if (seen.contains(value)) {
            return value;
        }
        synchronized (seen) {
            return seen.size() < max && seen.add(value) || seen.contains(value) ? value : OTHER;
        }
    }
}
