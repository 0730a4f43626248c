package dev.presage.testbed.lab;

import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.admit.Admission;
import dev.presage.router.request.InferenceRequest;
import dev.presage.testbed.engine.EngineGauges;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What an autoscaler may look at, read at one moment. */
enum ScalingSignal {
    /** Share of the replicas that are in a step: what the CPU of an engine's busy loop and the duty cycle of its GPU show. */
    UTILISATION("utilisation", 0.45, false, run -> run.replicas().present().stream()
            .mapToDouble(replica -> replica.step() == null ? 0 : 1)
            .average()
            .orElse(0)),

    /** Mean usage of the KV caches, as engines report it. */
    KV("kv-usage", 0.4, false, run -> gauges(run, EngineGauges::kvUsage) / size(run)),

    /** Requests that wait in engines, as they report it. */
    QUEUE("queue", 2, true, run -> gauges(run, EngineGauges::waiting)),

    /** {@code presage_pending_prompt_tokens}: uncached prompt tokens that were sent and have no first token yet. */
    PENDING_TOKENS("pending-tokens", 16_000, true, run -> run.fleet().snapshot().endpoints().stream()
            .mapToDouble(state -> state.queue().pendingTokens())
            .sum()),

    /** {@code presage_predicted_saturation_ratio}: the wait that the model predicts, over 300 ms. */
    SATURATION(
            "predicted-saturation",
            0.5,
            false,
            run -> Admission.PREDICTED_LATENCY.saturation(run.picker()
                    .round(InferenceRequest.opaque("saturation", ""), endpoint -> true, LatencySettings.DEFAULT)));

    private final String label;
    private final double target;
    private final boolean perReplica;
    private final ToDoubleFunction<LabRun> reading;

    ScalingSignal(String label, double target, boolean perReplica, ToDoubleFunction<LabRun> reading) {
        this.label = label;
        this.target = target;
        this.perReplica = perReplica;
        this.reading = reading;
    }

    static ScalingSignal named(String label) {
        return Arrays.stream(values())
                .filter(signal -> signal.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown signal '" + label + "', known: " + labels()));
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(ScalingSignal::label).toList();
    }

    String label() {
        return label;
    }

    /** The middle of what people set; runs try multiples of it. */
    double target() {
        return target;
    }

    /** Whether the reading is of the whole pool and the target each replica's: an AverageValue. */
    boolean perReplica() {
        return perReplica;
    }

    double read(LabRun run) {
        return reading.applyAsDouble(run);
    }

    private static double gauges(LabRun run, ToDoubleFunction<EngineGauges> gauge) {
        return run.replicas().present().stream()
                .mapToDouble(replica -> gauge.applyAsDouble(replica.engine().gauges()))
                .sum();
    }

    private static int size(LabRun run) {
        return Math.max(1, run.replicas().present().size());
    }
}
