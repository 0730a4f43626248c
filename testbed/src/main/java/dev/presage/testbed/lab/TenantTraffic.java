package dev.presage.testbed.lab;

import dev.presage.testbed.trace.TraceRequest;
import dev.presage.testbed.trace.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Chat of several tenants that ask for more than there is: lengths and conversations of a trace, arrivals by a Poisson process of a
 * given rate. A conversation belongs to one tenant, and some conversations are critical. The same seed gives the same traffic.
 */
final class TenantTraffic {
    /** Tenants ask for the same and are to get three, two and one part of what standard traffic gets. */
    static final List<String> TENANTS = List.of("gold", "silver", "bronze");

    static final double[] WEIGHTS = {3, 2, 1};

    static final int CRITICAL = 1;
    static final int STANDARD = 0;
    private static final double CRITICAL_SHARE = 0.2;
    /** Apart from the ids that one pass over the trace uses. */
    private static final long PASS_IDS = 1L << 40;

    private TenantTraffic() {}

    /** A calm stretch of {@code calmMs}, then {@code busyMs} at {@code factor} times the rate {@code perSecond}. */
    static List<Arrival> of(
            Workload workload, double perSecond, double calm, double calmMs, double factor, double busyMs, long seed) {
        List<TraceRequest> trace = workload.trace(seed);
        SplittableRandom random = new SplittableRandom(seed * 31 + 7);
        List<Arrival> arrivals = new ArrayList<>();
        double now = 0;
        while (now < calmMs + busyMs) {
            int position = arrivals.size();
            TraceRequest one = repeated(trace.get(position % trace.size()), position, position / trace.size());
            long conversation = mixed(one.hashIds()[0] + seed);
            int tenant = (int) Long.remainderUnsigned(conversation, TENANTS.size());
            double draw = (mixed(conversation + 1) >>> 11) * 0x1p-53;
            int priority = draw < CRITICAL_SHARE ? CRITICAL : STANDARD;
            arrivals.add(new Arrival(one, now, tenant, priority, headers(TENANTS.get(tenant))));
            double rate = perSecond * (now < calmMs ? calm : factor);
            now += -1e3 / rate * Math.log(1 - random.nextDouble());
        }
        return arrivals;
    }

    /** Of a request of that tenant's. */
    static Map<String, String> headers(String tenant) {
        return Map.of("x-llm-d-inference-fairness-id", tenant);
    }

    /** Conversations of one pass over the trace are not those of another. */
    static TraceRequest repeated(TraceRequest one, int position, int pass) {
        long[] ids =
                Arrays.stream(one.hashIds()).map(id -> id + pass * PASS_IDS).toArray();
        return new TraceRequest(position, one.arrivalMs(), one.promptTokens(), one.outputTokens(), ids);
    }

    /** The finaliser of SplitMix64. */
    private static long mixed(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
