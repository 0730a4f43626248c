package dev.presage.router.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What was predicted for requests of one model, and what they got. Thread-safe. */
final class PredictionMeters {
    /** One of the two latencies. */
    private static final class Latency {
        final Timer predicted;
        final Timer prediction;
        final Counter violations;
        volatile double lastPredicted;
        volatile double lastPrediction;
        volatile double lastMeasured;
        volatile double lastViolation;

        Latency(
                MeterRegistry registry,
                RequestLabels labels,
                String type,
                ContractMetric predicted,
                ContractMetric prediction) {
            this.predicted = predicted.timer(registry, labels.predictorTags());
            this.prediction = prediction.timer(registry, labels.predictorTags());
            violations = DecisionMetric.SLO_VIOLATIONS.counter(registry, labels.predictorTags("type", type));
            latest(registry, labels, type, () -> lastMeasured);
            latest(registry, labels, "predicted_" + type, () -> lastPredicted);
            latest(registry, labels, type + "_prediction_duration", () -> lastPrediction);
            latest(registry, labels, type + "_slo_violation", () -> lastViolation);
        }

        private static void latest(MeterRegistry registry, RequestLabels labels, String type, Supplier<Number> value) {
            DecisionMetric.LATEST.gauge(registry, value, labels.predictorTags("type", type));
        }

        void predicted(double ms, long tookNanos) {
            ContractMetric.seconds(predicted, ms / 1e3);
            prediction.record(tookNanos, TimeUnit.NANOSECONDS);
            lastPredicted = ms / 1e3;
            lastPrediction = tookNanos / 1e9;
        }

        /** {@code objectiveMs} is 0 where the client gave none. */
        void measured(@Nullable Double ms, double objectiveMs) {
            if (ms == null) {
                return;
            }
            lastMeasured = ms / 1e3;
            boolean violated = objectiveMs > 0 && ms > objectiveMs;
            lastViolation = violated ? 1 : 0;
            if (violated) {
                violations.increment();
            }
        }
    }

    private final Latency ttft;
    private final Latency tpot;

    PredictionMeters(MeterRegistry registry, RequestLabels labels) {
        ttft = new Latency(registry, labels, "ttft", DecisionMetric.PREDICTED_TTFT, DecisionMetric.TTFT_PREDICTION);
        tpot = new Latency(registry, labels, "tpot", DecisionMetric.PREDICTED_TPOT, DecisionMetric.TPOT_PREDICTION);
    }

    void predicted(double ttftMs, double tpotMs, long tookNanos) {
        ttft.predicted(ttftMs, tookNanos);
        tpot.predicted(tpotMs, tookNanos);
    }

    void measured(@Nullable Double ttftMs, double ttftObjective, @Nullable Double tpotMs, double tpotObjective) {
        ttft.measured(ttftMs, ttftObjective);
        tpot.measured(tpotMs, tpotObjective);
    }
}
