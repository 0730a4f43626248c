package dev.presage.testbed.lab;

import dev.presage.testbed.engine.EngineProfile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.DoubleConsumer;

/**
 * Kubernetes' horizontal autoscaler with its default behaviour, on one external metric that is averaged over a minute: every 15 s the fleet
 * is to have as many replicas as bring the metric to its target, within a tenth; at most twice as many or four more at once; fewer only when
 * nothing else was recommended for five minutes. A replica takes requests some time after it was asked for.
 */
final class Autoscaler {
    /**
     * Bounds of the fleet.
     *
     * @param startMs from asking for a replica to its first request
     */
    record Limits(int least, int most, double startMs) {
        Limits {
            if (least < 1 || most < least || most > FleetSpec.MAX_REPLICAS) {
                throw new IllegalArgumentException(
                        "replicas " + least + " to " + most + " outside 1.." + FleetSpec.MAX_REPLICAS);
            }
            if (!(startMs >= 0)) {
                throw new IllegalArgumentException("start-up " + startMs + " ms must be at least 0");
            }
        }
    }

    private record Advice(double atMs, int replicas) {}

    static final double SAMPLE_MS = 1_000;
    private static final int AVERAGED = 60;
    private static final double DECIDE_MS = 15_000;
    private static final double TOLERANCE = 0.1;
    private static final double CALM_MS = 300_000;

    private final LabRun run;
    private final EngineProfile profile;
    private final ScalingSignal signal;
    private final double target;
    private final Limits limits;
    private final DoubleConsumer sampled;
    private final Deque<Double> samples = new ArrayDeque<>();
    private final Deque<Advice> advice = new ArrayDeque<>();
    private final Deque<Integer> starting = new ArrayDeque<>();
    private int serial;
    private int asked;
    private int most;
    private double replicaMs;
    private double nextDecisionMs = DECIDE_MS;

    /**
     * @param run whose fleet has {@code limits.least} replicas of {@code profile}
     * @param sampled told of the time each second
     */
    Autoscaler(
            LabRun run,
            EngineProfile profile,
            ScalingSignal signal,
            double target,
            Limits limits,
            DoubleConsumer sampled) {
        this.run = run;
        this.profile = profile;
        this.signal = signal;
        this.target = target;
        this.limits = limits;
        this.sampled = sampled;
        asked = limits.least();
        most = asked;
    }

    /** Looks from now on to {@code untilMs}. */
    void watch(double untilMs) {
        double next = run.clock().nowMs() + SAMPLE_MS;
        if (next <= untilMs) {
            run.replicas().at(next, () -> {
                sample();
                watch(untilMs);
            });
        }
    }

    /** Of all replicas, those that start too. */
    double replicaHours() {
        return replicaMs / 3.6e6;
    }

    /** The largest number that was asked for. */
    int most() {
        return most;
    }

    private void sample() {
        samples.addLast(signal.read(run));
        if (samples.size() > AVERAGED) {
            samples.removeFirst();
        }
        replicaMs += asked * SAMPLE_MS;
        sampled.accept(run.clock().nowMs());
        if (run.clock().nowMs() >= nextDecisionMs) {
            nextDecisionMs += DECIDE_MS;
            decide();
        }
    }

    private void decide() {
        double value = samples.stream().mapToDouble(sample -> sample).average().orElse(0);
        advice.addLast(new Advice(run.clock().nowMs(), recommended(value)));
        while (advice.getFirst().atMs() < run.clock().nowMs() - CALM_MS) {
            advice.removeFirst();
        }
        int highest = advice.stream().mapToInt(Advice::replicas).max().orElse(asked);
        int now = advice.getLast().replicas();
        scaleTo(now > asked ? Math.min(now, Math.max(2 * asked, asked + 4)) : Math.min(asked, highest));
    }

    private int recommended(double value) {
        double ratio = value / target / (signal.perReplica() ? asked : 1);
        if (Math.abs(ratio - 1) <= TOLERANCE) {
            return asked;
        }
        // A mean says something of the replicas that serve, a sum of what is to be shared by all.
        double wanted =
                ratio * (signal.perReplica() ? asked : run.replicas().present().size());
        return (int) Math.clamp(Math.ceil(wanted), limits.least(), limits.most());
    }

    /** Those that do not serve yet go first. */
    private void scaleTo(int wanted) {
        while (asked < wanted) {
            asked++;
            int id = serial++;
            starting.addLast(id);
            run.replicas().at(run.clock().nowMs() + limits.startMs(), () -> {
                if (starting.remove(id)) {
                    run.replicas().join(profile);
                }
            });
        }
        while (asked > wanted) {
            asked--;
            if (starting.pollLast() == null) {
                run.replicas().leaveLast();
            }
        }
        most = Math.max(most, asked);
    }
}
