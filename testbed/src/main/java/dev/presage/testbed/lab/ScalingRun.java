package dev.presage.testbed.lab;

import dev.presage.router.predict.Aim;
import dev.presage.router.request.LatencyTargets;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.trace.TraceRequest;
import java.util.Collections;
import java.util.List;

/** One autoscaler over one surge, with what it had to provide and what it did. Used once. */
final class ScalingRun {
    private final Surge surge;
    private final double replicaPerSecond;
    private final LabRun run;
    private final Autoscaler autoscaler;
    private final ScalingSignal signal;
    private final double target;
    private final List<TraceRequest> arrivals;
    private double shortMs;
    private double enoughMs = Double.POSITIVE_INFINITY;

    /** @param replicaPerSecond what one replica can do */
    ScalingRun(
            EngineProfile profile,
            Autoscaler.Limits limits,
            Surge surge,
            double replicaPerSecond,
            List<TraceRequest> arrivals,
            ScalingSignal signal,
            double target,
            double ttftTargetMs,
            String policy,
            long seed) {
        this.surge = surge;
        this.replicaPerSecond = replicaPerSecond;
        this.arrivals = arrivals;
        this.signal = signal;
        this.target = target;
        LatencyTargets targets = new LatencyTargets(ttftTargetMs, Double.POSITIVE_INFINITY);
        LabSettings settings = new LabSettings(
                arrivals.size(),
                Surge.warming(arrivals),
                1,
                seed,
                true,
                1,
                Double.POSITIVE_INFINITY,
                List.of(),
                0,
                Aim.NONE.at(targets));
        FleetSpec fleet = new FleetSpec(Collections.nCopies(limits.least(), profile));
        run = new LabRun(fleet, LabPolicy.named(policy), settings);
        autoscaler = new Autoscaler(run, profile, signal, target, limits, this::sampled);
    }

    ScalingResult go() {
        autoscaler.watch(Surge.END_MINUTE * 60_000);
        PolicyResult served = run.run(arrivals);
        double burst = Surge.BURST_MINUTE * 60_000;
        return new ScalingResult(
                signal.label(),
                target,
                served.ttftMs(),
                served.goodShare(),
                autoscaler.replicaHours(),
                shortMs / 60_000,
                (Math.min(enoughMs, Surge.END_MINUTE * 60_000) - burst) / 1e3,
                autoscaler.most());
    }

    private void sampled(double nowMs) {
        boolean enough = surge.perSecond(nowMs)
                <= replicaPerSecond * run.replicas().present().size();
        shortMs += enough ? 0 : Autoscaler.SAMPLE_MS;
        if (!enough) {
            enoughMs = Double.POSITIVE_INFINITY;
        } else if (nowMs >= Surge.BURST_MINUTE * 60_000 && enoughMs == Double.POSITIVE_INFINITY) {
            enoughMs = nowMs;
        }
    }
}
