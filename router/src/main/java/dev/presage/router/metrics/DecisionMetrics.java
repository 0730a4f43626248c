package dev.presage.router.metrics;

import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.router.request.InferenceRequest;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Decisions: who decided, how long it took, what was believed to be cached, and how wrong the prediction was. Thread-safe. */
final class DecisionMetrics implements RoutingListener {
    private static final String PREFIX_PRODUCER = "approx-prefix-cache-producer";
    private static final int MAX_POLICIES = 100;
    private static final int MAX_ATTEMPTS = 10_000;
    /** A token is taken for four bytes, as everywhere in the contract. */
    private static final int BYTES_PER_TOKEN = 4;

    private record DecisionKey(String policy, String fallback, boolean explored) {}

    private record Attempt(String status, String model, String endpointId, String port) {}

    private final MeterRegistry registry;
    private final Series<DecisionKey, Counter> decisions;
    private final Series<Attempt, Counter> attempts;
    private final Series<String, Timer> policies;
    private final Timer scheduling;
    private final DistributionSummary hitRatio;
    private final DistributionSummary hitBytes;
    private final Counter servedElsewhere;
    private final DistributionSummary ttftError;
    private final DistributionSummary tpotError;

    DecisionMetrics(MeterRegistry registry) {
        this.registry = registry;
        decisions = new Series<>(
                MAX_POLICIES, new DecisionKey(BoundedLabel.OTHER, BoundedLabel.OTHER, false), this::decisions);
        attempts =
                new Series<>(MAX_ATTEMPTS, new Attempt(BoundedLabel.OTHER, BoundedLabel.OTHER, "", ""), this::attempts);
        policies = new Series<>(MAX_POLICIES, BoundedLabel.OTHER, this::policy);
        scheduling = DecisionMetric.SCHEDULER_E2E.timer(registry);
        hitRatio = DecisionMetric.PREFIX_HIT_RATIO.summary(registry, prefixTags());
        hitBytes = DecisionMetric.PREFIX_HIT_BYTES.summary(registry, prefixTags());
        servedElsewhere = Counter.builder("presage_served_elsewhere")
                .description("Requests that another endpoint served than the one that was chosen")
                .register(registry);
        ttftError = error("ttft");
        tpotError = error("tpot");
    }

    static String[] prefixTags() {
        return new String[] {"plugin_name", PREFIX_PRODUCER, "plugin_type", PREFIX_PRODUCER};
    }

    private Counter decisions(DecisionKey key) {
        return Counter.builder("presage_decisions")
                .description("Routed requests by the policy that decided and why a lower rung did")
                .tags("policy", key.policy(), "fallback", key.fallback(), "explored", "" + key.explored())
                .register(registry);
    }

    private Counter attempts(Attempt attempt) {
        return DecisionMetric.SCHEDULER_ATTEMPTS.counter(
                registry,
                "status",
                attempt.status(),
                "target_model_name",
                attempt.model(),
                "endpoint_name",
                EndpointLoad.name(attempt.endpointId()),
                "namespace",
                EndpointLoad.namespace(attempt.endpointId()),
                "port",
                attempt.port());
    }

    private Timer policy(String name) {
        return DecisionMetric.PLUGIN_DURATION.timer(
                registry, "extension_point", "Scorer", "plugin_type", name, "plugin_name", name);
    }

    private DistributionSummary error(String target) {
        return DistributionSummary.builder("presage_prediction_error_ratio")
                .serviceLevelObjectives(Bounds.ERROR)
                .description("Absolute error of the prediction over the measured latency")
                .tag("target", target)
                .register(registry);
    }

    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        Choice choice = decision.choice();
        InferenceRequest request = decision.candidates().request();
        scheduling.record(tookNanos, TimeUnit.NANOSECONDS);
        policies.of(choice.policy()).record(tookNanos, TimeUnit.NANOSECONDS);
        decisions
                .of(new DecisionKey(choice.policy(), decision.fallback().label(), choice.explored()))
                .increment();
        attempts.of(new Attempt(
                        "success",
                        request.model(),
                        decision.endpoint().id(),
                        Integer.toString(decision.endpoint().port())))
                .increment();
        if (request.promptTokens() > 0) {
            int cached = decision.candidates().cachedTokens(choice.candidate());
            hitRatio.record((double) cached / request.promptTokens());
            hitBytes.record((double) cached * BYTES_PER_TOKEN);
        }
    }

    @Override
    public void ended(Outcome outcome) {
        if (outcome.asChosen()) {
            outcome.legs().forEach(this::compare);
        } else {
            servedElsewhere.increment();
        }
    }

    private void compare(Outcome leg) {
        Choice choice = leg.decision().choice();
        Predictions predictions = choice.predictions();
        if (predictions != null) {
            compare(ttftError, predictions.locationMs(Target.TTFT, choice.candidate()), leg.ttftMs());
            compare(tpotError, predictions.locationMs(Target.TPOT, choice.candidate()), leg.tpotMs());
        }
    }

    /** No endpoint was found for a request. */
    void notScheduled() {
        attempts.of(new Attempt("failure", "", "", "")).increment();
    }

    private static void compare(DistributionSummary error, double predicted, @Nullable Double measured) {
        if (measured != null && measured > 0) {
            error.record(Math.abs(predicted - measured) / measured);
        }
    }
}
