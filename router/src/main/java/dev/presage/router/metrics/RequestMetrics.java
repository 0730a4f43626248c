package dev.presage.router.metrics;

import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.request.InferenceRequest;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Requests, decisions and how well they were predicted. Thread-safe; costs a few hundred nanoseconds a call. */
final class RequestMetrics implements RoutingListener {
    private static final int MAX_PRIORITIES = 100;

    private record Key(String model, String priority) {}

    private record DecisionKey(String policy, String fallback, boolean explored) {}

    private final MeterRegistry registry;
    private final BoundedLabel models = new BoundedLabel(BoundedLabel.MAX_VALUES);
    private final BoundedLabel priorities = new BoundedLabel(MAX_PRIORITIES);
    private final BoundedLabel policies = new BoundedLabel(MAX_PRIORITIES);
    private final ConcurrentMap<Key, RequestMeters> requests = new ConcurrentHashMap<>();
    private final ConcurrentMap<DecisionKey, Counter> decisions = new ConcurrentHashMap<>();
    private final Timer scheduling;
    private final DistributionSummary hitRatio;
    private final Counter servedElsewhere;
    private final DistributionSummary ttftError;
    private final DistributionSummary tpotError;

    RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
        scheduling = Buckets.decision("llm_d_epp_scheduler_e2e_duration").register(registry);
        hitRatio = Buckets.ratio("llm_d_epp_prefix_indexer_hit_ratio")
                .tags("plugin_name", "approx-prefix-cache-producer", "plugin_type", "approx-prefix-cache-producer")
                .register(registry);
        servedElsewhere = Counter.builder("presage_served_elsewhere")
                .description("Requests that another endpoint served than the one that was chosen")
                .register(registry);
        ttftError = error("ttft");
        tpotError = error("tpot");
    }

    private DistributionSummary error(String target) {
        return Buckets.ratio("presage_prediction_error_ratio")
                .description("Absolute error of the prediction over the measured latency")
                .tag("target", target)
                .register(registry);
    }

    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        CandidateMatrix candidates = decision.candidates();
        Choice choice = decision.choice();
        InferenceRequest request = candidates.request();
        RequestMeters meters = meters(request);
        meters.routed();
        scheduling.record(tookNanos, TimeUnit.NANOSECONDS);
        if (request.promptTokens() > 0) {
            hitRatio.record((double) candidates.cachedTokens(choice.candidate()) / request.promptTokens());
        }
        counter(decision).increment();
        Predictions predictions = choice.predictions();
        if (predictions != null) {
            meters.predicted(
                    predictions.locationMs(Target.TTFT, choice.candidate()),
                    predictions.locationMs(Target.TPOT, choice.candidate()));
        }
    }

    @Override
    public void ended(Outcome outcome) {
        Decision.Routed decision = outcome.decision();
        meters(decision.candidates().request()).ended(outcome);
        Predictions predictions = decision.choice().predictions();
        if (!outcome.asChosen()) {
            servedElsewhere.increment();
        } else if (predictions != null) {
            int chosen = decision.choice().candidate();
            compare(ttftError, predictions.locationMs(Target.TTFT, chosen), outcome.ttftMs());
            compare(tpotError, predictions.locationMs(Target.TPOT, chosen), outcome.tpotMs());
        }
    }

    void refused(String model, int priority, String errorCode) {
        meters(model, priority).refused(errorCode);
    }

    private static void compare(DistributionSummary error, double predicted, @Nullable Double measured) {
        if (measured != null && measured > 0) {
            error.record(Math.abs(predicted - measured) / measured);
        }
    }

    private Counter counter(Decision.Routed decision) {
        DecisionKey key = new DecisionKey(
                policies.of(decision.choice().policy()),
                decision.fallback().label(),
                decision.choice().explored());
        return decisions.computeIfAbsent(key, absent -> Counter.builder("presage_decisions")
                .description("Routed requests by the policy that decided and why a lower rung did")
                .tags("policy", key.policy(), "fallback", key.fallback(), "explored", "" + key.explored())
                .register(registry));
    }

    private RequestMeters meters(InferenceRequest request) {
        return meters(request.model(), request.priority());
    }

    private RequestMeters meters(String model, int priority) {
        Key key = new Key(models.of(model), priorities.of(Integer.toString(priority)));
        RequestMeters known = requests.get(key);
        return known != null
                ? known
                : requests.computeIfAbsent(key, absent -> new RequestMeters(registry, key.model(), key.priority()));
    }
}
