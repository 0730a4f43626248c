package dev.presage.router.metrics;

import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of requests that share model and priority, made once per pair. Thread-safe. */
final class RequestMeters {
    private final MeterRegistry registry;
    private final Tags tags;
    private final Counter total;
    private final AtomicInteger running = new AtomicInteger();
    private final Timer duration;
    private final Timer ttftStreamed;
    private final Timer ttftPlain;
    private final Timer tpot;
    private final Timer predictedTtft;
    private final Timer predictedTpot;
    private final DistributionSummary input;
    private final DistributionSummary output;
    private final DistributionSummary cached;

    RequestMeters(MeterRegistry registry, String model, String priority) {
        this.registry = registry;
        Tags names = Tags.of("model_name", model, "target_model_name", model);
        this.tags = names.and("fairness_id", "default-flow", "priority", priority);
        Tags predictor =
                names.and("plugin_name", "predicted-latency-producer", "plugin_type", "predicted-latency-producer");
        total = Counter.builder("llm_d_epp_request").tags(tags).register(registry);
        Gauge.builder("llm_d_epp_request_running", running, AtomicInteger::get)
                .tags(tags)
                .register(registry);
        duration = Buckets.request("llm_d_epp_request_duration").tags(tags).register(registry);
        ttftStreamed = Buckets.request("llm_d_epp_request_ttft")
                .tags(tags.and("streaming", "true"))
                .register(registry);
        ttftPlain = Buckets.request("llm_d_epp_request_ttft")
                .tags(tags.and("streaming", "false"))
                .register(registry);
        tpot = Buckets.token("llm_d_epp_request_streaming_tpot").tags(tags).register(registry);
        // One series per model and not per priority, as the contract has it.
        predictedTtft = Buckets.request("llm_d_epp_request_predicted_ttft")
                .tags(predictor)
                .register(registry);
        predictedTpot = Buckets.token("llm_d_epp_request_predicted_tpot")
                .tags(predictor)
                .register(registry);
        input = Buckets.tokens("llm_d_epp_request_input_tokens").tags(tags).register(registry);
        output = Buckets.tokens("llm_d_epp_request_output_tokens").tags(tags).register(registry);
        cached = Buckets.tokens("llm_d_epp_request_cached_tokens").tags(tags).register(registry);
    }

    void routed() {
        total.increment();
        running.incrementAndGet();
    }

    /** The request was refused before it was routed. */
    void refused(String errorCode) {
        total.increment();
        error(errorCode);
    }

    void predicted(double ttftMs, double tpotMs) {
        predictedTtft.record(millis(ttftMs));
        predictedTpot.record(millis(tpotMs));
    }

    void ended(Outcome outcome) {
        running.decrementAndGet();
        duration.record(millis(outcome.e2eMs()));
        Double ttft = outcome.ttftMs();
        if (ttft != null) {
            (outcome.streaming() ? ttftStreamed : ttftPlain).record(millis(ttft));
        }
        Double perToken = outcome.tpotMs();
        if (perToken != null) {
            tpot.record(millis(perToken));
        }
        usage(outcome.usage());
        switch (outcome.cause()) {
            case COMPLETED -> {
                if (outcome.httpStatus() < 200 || outcome.httpStatus() > 299) {
                    error("ModelServerError");
                }
            }
            case UPSTREAM_ERROR -> error("ModelServerError");
            case CLIENT_DISCONNECT -> error("ClientDisconnect");
            case EVICTED -> error("Evicted");
            case ROUTER_SHUTDOWN -> error("RouterShutdown");
        }
    }

    private void usage(Usage usage) {
        if (usage.promptTokens() >= 0) {
            input.record(usage.promptTokens());
        }
        if (usage.outputTokens() >= 0) {
            output.record(usage.outputTokens());
        }
        if (usage.cachedTokens() >= 0) {
            cached.record(usage.cachedTokens());
        }
    }

    private void error(String code) {
        registry.counter("llm_d_epp_request_error", tags.and("error_code", code))
                .increment();
    }

    private static Duration millis(double ms) {
        return Duration.ofNanos((long) (ms * 1e6));
    }
}
