package dev.presage.router.metrics;

import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.CanaryGuard;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Shadow;
import dev.presage.store.predict.Target;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the challenger would have done, judged when a request has ended, and canaries that a guardrail stopped. Thread-safe. */
final class ContenderMetrics implements RoutingListener {
    private final Counter agreed;
    private final Counter differed;
    private final DistributionSummary ttftError;
    private final DistributionSummary tpotError;
    private final Map<CanaryGuard.Guardrail, Counter> stops = new EnumMap<>(CanaryGuard.Guardrail.class);

    ContenderMetrics(MeterRegistry registry) {
        agreed = decisions(registry, "true");
        differed = decisions(registry, "false");
        ttftError = error(registry, "ttft");
        tpotError = error(registry, "tpot");
        for (CanaryGuard.Guardrail guardrail : CanaryGuard.Guardrail.values()) {
            stops.put(
                    guardrail,
                    Counter.builder("presage_canary_stops")
                            .description("Canaries that a guardrail took out of service at this router")
                            .tag("guardrail", guardrail.label())
                            .register(registry));
        }
    }

    private static Counter decisions(MeterRegistry registry, String agreed) {
        return Counter.builder("presage_shadow_decisions")
                .description("Decisions that a challenger predicted, by whether it would have chosen the same endpoint")
                .tag("agreed", agreed)
                .register(registry);
    }

    private static DistributionSummary error(MeterRegistry registry, String target) {
        return DistributionSummary.builder("presage_shadow_error_ratio")
                .serviceLevelObjectives(Bounds.ERROR)
                .description("Absolute error of the challenger's prediction over the measured latency")
                .tag("target", target)
                .register(registry);
    }

    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {}

    @Override
    public void ended(Outcome outcome) {
        Decision.Routed decision = outcome.decision();
        Shadow shadow = decision.shadow();
        if (shadow == null) {
            return;
        }
        Shadow.Opinion opinion = shadow.opinion();
        int chosen = decision.choice().candidate();
        (opinion.candidate() == chosen ? agreed : differed).increment();
        if (outcome.asChosen()) {
            compare(ttftError, opinion.predictions().locationMs(Target.TTFT, chosen), outcome.ttftMs());
            compare(tpotError, opinion.predictions().locationMs(Target.TPOT, chosen), outcome.tpotMs());
        }
    }

    void stopped(CanaryGuard.Stop stop) {
        Counter counter = stops.get(stop.guardrail());
        if (counter != null) {
            counter.increment();
        }
    }

    private static void compare(DistributionSummary error, double predicted, @Nullable Double measured) {
        if (measured != null && measured > 0) {
            error.record(Math.abs(predicted - measured) / measured);
        }
    }
}
