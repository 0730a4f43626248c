package dev.presage.router.slo;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long requests in flight waited before they were dispatched, by request id. Bounded: of more than {@value #MAX} the oldest is
 * forgotten, as if it had not waited. Thread-safe.
 */
final class Waits {
    private static final int MAX = 100_000;

    private final Map<String, Double> millis = new LinkedHashMap<>();

    synchronized void put(String requestId, double ms) {
        millis.put(requestId, ms);
        if (millis.size() > MAX) {
            millis.remove(millis.keySet().iterator().next());
        }
    }

    /** 0 of one that did not wait. */
    synchronized double of(String requestId) {
        return millis.isEmpty() ? 0 : millis.getOrDefault(requestId, 0.0);
    }

    /** The same, and forgets it. */
    synchronized double take(String requestId) {
        Double waited = millis.isEmpty() ? null : millis.remove(requestId);
        return waited == null ? 0 : waited;
    }
}
