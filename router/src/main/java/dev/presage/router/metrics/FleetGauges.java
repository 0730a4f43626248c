package dev.presage.router.metrics;

import dev.presage.router.fleet.EndpointState;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** The pool at the moment of the scrape: how many endpoints, and what their engines said last. */
final class FleetGauges {
    private final MeterRegistry registry;
    private final Fleet fleet;
    private final String pool;

    private FleetGauges(MeterRegistry registry, Fleet fleet, String pool) {
        this.registry = registry;
        this.fleet = fleet;
        this.pool = pool;
    }

    static void register(MeterRegistry registry, Fleet fleet, String pool) {
        FleetGauges gauges = new FleetGauges(registry, fleet, pool);
        FleetMetric.READY_ENDPOINTS.gauge(registry, () -> fleet.endpoints().size(), "name", pool);
        gauges.spread(FleetMetric.AVERAGE_QUEUE, FleetMetric.STD_DEV_QUEUE, EngineSignals::waiting);
        gauges.spread(FleetMetric.AVERAGE_RUNNING, FleetMetric.STD_DEV_RUNNING, EngineSignals::running);
        gauges.spread(FleetMetric.AVERAGE_KV_CACHE, FleetMetric.STD_DEV_KV_CACHE, EngineSignals::kvUsage);
        Gauge.builder("presage_in_flight_requests", fleet, it -> it.snapshot().endpoints().stream()
                        .mapToDouble(state -> state.queue().inFlight())
                        .sum())
                .description("Requests sent and not ended, by the router's own account")
                .tag("name", pool)
                .register(registry);
        Gauge.builder("presage_pending_prompt_tokens", fleet, it -> it.snapshot().endpoints().stream()
                        .mapToDouble(state -> state.queue().pendingTokens())
                        .sum())
                .description("Uncached prompt tokens sent whose requests have no first token yet")
                .tag("name", pool)
                .register(registry);
    }

    /** Engines that were never scraped do not count. */
    private void spread(ContractMetric average, ContractMetric deviation, ToDoubleFunction<EngineSignals> signal) {
        average.gauge(registry, () -> mean(values(signal)), "name", pool);
        deviation.gauge(registry, () -> deviation(values(signal)), "name", pool);
    }

    private double[] values(ToDoubleFunction<EngineSignals> signal) {
        return fleet.snapshot().endpoints().stream()
                .map(EndpointState::signals)
                .filter(signals -> signals.scrapedAtNanos() != Long.MIN_VALUE)
                .mapToDouble(signal)
                .toArray();
    }

    private static double mean(double[] values) {
        return DoubleStream.of(values).average().orElse(0);
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(DoubleStream.of(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(0));
    }
}
