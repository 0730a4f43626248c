package dev.presage.router.metrics;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * Meters by their labels, made at the first use. Labels that are bounded one by one still multiply, so that combinations are
 * bounded too: what comes beyond {@code max} of them goes to {@code overflow}. Thread-safe.
 */
final class Series<K, M> {
    private final int max;
    private final K overflow;
    private final Function<K, M> maker;
    private final ConcurrentMap<K, M> made = new ConcurrentHashMap<>();

    Series(int max, K overflow, Function<K, M> maker) {
        this.max = max;
        this.overflow = overflow;
        this.maker = maker;
    }

    M of(K key) {
        M known = made.get(key);
        if (known != null) {
            return known;
        }
        return made.computeIfAbsent(made.size() < max ? key : overflow, maker);
    }
}
