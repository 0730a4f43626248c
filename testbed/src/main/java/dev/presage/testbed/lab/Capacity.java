package dev.presage.testbed.lab;

import dev.presage.testbed.trace.Workload;

/** What a fleet can do, measured. */
final class Capacity {
    private static final double PROBE_MS = 180_000;
    private static final double FLOOD_PER_REPLICA = 20;

    private Capacity() {}

    /** Requests a second that leave a fleet which always has more to do, after its first minute. */
    static double measure(FleetSpec replicas, Workload traffic, long seed) {
        double flood = FLOOD_PER_REPLICA * replicas.replicas().size();
        OverloadTally tally = new OverloadTally(PROBE_MS / 3, PROBE_MS, 1);
        var arrivals = TenantTraffic.of(traffic, flood, 1, PROBE_MS, 1, 0, seed);
        FlowRun probe = new FlowRun(replicas, LabPolicy.named("lmetric"), FlowMode.NONE, seed, tally);
        probe.run(Arrivals.of(arrivals), PROBE_MS);
        OverloadResult result = tally.result(FlowMode.NONE.label());
        double outputs = arrivals.stream()
                .mapToInt(arrival -> arrival.request().outputTokens())
                .average()
                .orElse(1);
        return result.done().output() / outputs;
    }
}
