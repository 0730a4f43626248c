package dev.presage.testbed.lab;

import dev.presage.router.observe.Outcome;
import java.util.List;

/** Follows the picks around the first slow-down of a run. */
final class ShiftTally {
    /** Seconds from the incident at which windows begin and end: long before, at once, and once it should be known. */
    private static final double[] EDGES = {-300, 0, 10, 70};

    private final int[] all = new int[EDGES.length - 1];
    private final int[] there = new int[EDGES.length - 1];
    private final double atMs;
    private final String slowed;

    ShiftTally(List<Incident> incidents) {
        Incident.Slow slow = incidents.stream()
                .filter(Incident.Slow.class::isInstance)
                .map(Incident.Slow.class::cast)
                .findFirst()
                .orElse(new Incident.Slow(-1, 1, Double.POSITIVE_INFINITY));
        atMs = slow.atMs();
        slowed = Replica.id(slow.replica());
    }

    void add(Outcome outcome, double endedMs) {
        double seconds = (endedMs - outcome.e2eMs() - atMs) / 1e3;
        for (int window = 0; window < all.length; window++) {
            if (seconds >= EDGES[window] && seconds < EDGES[window + 1]) {
                all[window]++;
                there[window] += outcome.decision().endpoint().id().equals(slowed) ? 1 : 0;
            }
        }
    }

    Shift result() {
        return all[0] == 0 || all[1] == 0 || all[2] == 0 ? Shift.NONE : new Shift(share(0), share(1), share(2));
    }

    private double share(int window) {
        return (double) there[window] / all[window];
    }
}
