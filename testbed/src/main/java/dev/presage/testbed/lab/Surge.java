package dev.presage.testbed.lab;

import dev.presage.testbed.trace.TraceRequest;
import dev.presage.testbed.trace.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Traffic that an autoscaler has to follow: calm, a ramp of ten minutes up to four times as much and down again, calm, then a burst
 * that comes within half a minute and stays for six. Lengths and conversations are a trace's, arrivals a Poisson process. The same
 * seed gives the same traffic.
 *
 * @param calmPerSecond requests a second in calm times
 */
record Surge(double calmPerSecond) {
    /** Until then the caches and the model warm up, and nothing is counted. */
    static final double WARM_MINUTES = 6;

    static final double BURST_MINUTE = 36;
    static final double END_MINUTE = 54;

    /** The rate over the calm one is linear between these. */
    private static final double[] MINUTES = {0, 8, 18, 23, 28, BURST_MINUTE, 36.5, 42.5, 43, END_MINUTE};

    private static final double[] FACTORS = {1, 1, 4, 4, 1, 1, 5, 5, 1, 1};

    double perSecond(double nowMs) {
        double minute = nowMs / 60_000;
        for (int i = 1; i < MINUTES.length; i++) {
            if (minute < MINUTES[i]) {
                double share = (minute - MINUTES[i - 1]) / (MINUTES[i] - MINUTES[i - 1]);
                return calmPerSecond * (FACTORS[i - 1] + share * (FACTORS[i] - FACTORS[i - 1]));
            }
        }
        return calmPerSecond * FACTORS[FACTORS.length - 1];
    }

    List<TraceRequest> arrivals(Workload workload, long seed) {
        List<TraceRequest> trace = workload.trace(seed);
        SplittableRandom random = new SplittableRandom(seed * 31 + 11);
        List<TraceRequest> arrivals = new ArrayList<>();
        double now = 0;
        while (now < END_MINUTE * 60_000) {
            int position = arrivals.size();
            arrivals.add(TenantTraffic.repeated(trace.get(position % trace.size()), position, position / trace.size())
                    .withArrivalMs(now));
            now += -1e3 / perSecond(now) * Math.log(1 - random.nextDouble());
        }
        return arrivals;
    }

    /** How many of the arrivals only warm up. */
    static int warming(List<TraceRequest> arrivals) {
        return (int) arrivals.stream()
                .filter(request -> request.arrivalMs() < WARM_MINUTES * 60_000)
                .count();
    }
}
