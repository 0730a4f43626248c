package dev.presage.router.plugin.admit;

import dev.presage.router.plugin.PluginType;
import dev.presage.router.plugin.SaturationDetector;
import java.util.stream.Stream;

/** The admitter and detector types that a configuration may name, and the detector of one that names none. */
public final class Admission {
    public static final SaturationDetector DEFAULT = UtilizationDetector.DEFAULT;

    public static final SaturationDetector PREDICTED_LATENCY = PredictedLatencyDetector.DEFAULT;

    private Admission() {}

    /** By predicted latency; requests are held for so many milliseconds at most, 0 for never. */
    public static SaturationDetector predictedLatency(double maxHoldMs) {
        PredictedLatencyDetector usual = PredictedLatencyDetector.DEFAULT;
        return new PredictedLatencyDetector(usual.maxWaitMs(), usual.kv(), usual.queue(), usual.headroom(), maxHoldMs);
    }

    public static Stream<PluginType> types() {
        return Stream.of(
                PluginType.of("utilization-detector", UtilizationDetector::read),
                PluginType.of("predicted-latency-detector", PredictedLatencyDetector::read),
                PluginType.of("concurrency-detector", ConcurrencyDetector::read),
                PluginType.of("latency-slo-admitter", given -> {
                    given.producers("latencyPredictionInfoProducerName");
                    return new LatencySloAdmitter();
                }),
                PluginType.of("probabilistic-admitter", ProbabilisticAdmitter::read));
    }
}
