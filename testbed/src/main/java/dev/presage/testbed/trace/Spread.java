package dev.presage.testbed.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Undoes the rounding of a trace's times. Mooncake's are multiples of three seconds: ten requests at one instant, then none,
 * which is nothing that clients do, and on a small machine only measures how it copes with the instant.
 */
public final class Spread {
    private Spread() {}

    /**
     * The same requests in the same order; those of one instant are drawn uniformly over the time up to the next one. The last
     * instant stays as it is.
     */
    public static List<TraceRequest> evenly(List<TraceRequest> trace, RandomGenerator random) {
        List<TraceRequest> spread = new ArrayList<>(trace.size());
        for (int from = 0; from < trace.size(); ) {
            double start = trace.get(from).arrivalMs();
            int to = from;
            while (to < trace.size() && trace.get(to).arrivalMs() == start) {
                to++;
            }
            double gap = to < trace.size() ? trace.get(to).arrivalMs() - start : 0;
            double[] offsets = random.doubles(to - from).sorted().toArray();
            for (int i = from; i < to; i++) {
                spread.add(trace.get(i).withArrivalMs(start + gap * offsets[i - from]));
            }
            from = to;
        }
        return spread;
    }
}
