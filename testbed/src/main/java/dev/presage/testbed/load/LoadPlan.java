package dev.presage.testbed.load;

import dev.presage.testbed.trace.TraceRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** When each request of a replay is due. Immutable. */
public record LoadPlan(List<PlannedRequest> requests) {
    private static final double NANOS_PER_MS = 1e6;

    public LoadPlan {
        requests = List.copyOf(requests);
    }

    /**
     * Replays a trace with its own gaps, {@code pace} times as fast, from its first request on.
     *
     * @param pace trace time over wall time, above 0
     * @param length what is due later is left out
     * @param most at most so many requests
     */
    public static LoadPlan replay(List<TraceRequest> trace, double pace, Duration length, int most) {
        if (!(pace > 0)) {
            throw new IllegalArgumentException("pace must be above 0, got " + pace);
        }
        List<PlannedRequest> planned = new ArrayList<>();
        double origin = trace.isEmpty() ? 0 : trace.getFirst().arrivalMs();
        for (TraceRequest request : trace) {
            long due = Math.round((request.arrivalMs() - origin) / pace * NANOS_PER_MS);
            if (due >= length.toNanos() || planned.size() >= most) {
                break;
            }
            planned.add(new PlannedRequest(planned.size(), due, request));
        }
        return new LoadPlan(planned);
    }
}
