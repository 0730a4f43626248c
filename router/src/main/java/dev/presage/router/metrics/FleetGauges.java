package dev.presage.router.metrics;

import dev.presage.router.fleet.EndpointState;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** The pool at the moment of the scrape: how many endpoints, and what their engines said last. */
final class FleetGauges {
    private FleetGauges() {}

    static void register(MeterRegistry registry, Fleet fleet, String pool) {
        Gauge.builder("llm_d_epp_ready_endpoints", fleet, it -> it.endpoints().size())
                .tag("name", pool)
                .register(registry);
        average(registry, fleet, pool, "llm_d_epp_average_queue_size", EngineSignals::waiting);
        average(registry, fleet, pool, "llm_d_epp_average_running_requests", EngineSignals::running);
        average(registry, fleet, pool, "llm_d_epp_average_kv_cache_utilization", EngineSignals::kvUsage);
        Gauge.builder("presage_in_flight_requests", fleet, it -> it.snapshot().endpoints().stream()
                        .mapToDouble(state -> state.queue().inFlight())
                        .sum())
                .description("Requests sent and not ended, by the router's own account")
                .tag("name", pool)
                .register(registry);
    }

    private static void average(
            MeterRegistry registry, Fleet fleet, String pool, String name, ToDoubleFunction<EngineSignals> signal) {
        Gauge.builder(name, fleet, it -> it.snapshot().endpoints().stream()
                        .map(EndpointState::signals)
                        .filter(signals -> signals.scrapedAtNanos() != Long.MIN_VALUE)
                        .mapToDouble(signal)
                        .average()
                        .orElse(0))
                .tag("name", pool)
                .register(registry);
    }
}
