package dev.presage.router.metrics;

import dev.presage.router.bbr.BodyRoutingListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** Metrics of body-based routing, under the names that its users know. Thread-safe. */
public final class BodyRoutingMetrics implements BodyRoutingListener, AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Counter routed = counter("bbr_success", "Requests whose model went into a header");
    private final Counter absent = counter("bbr_model_not_in_body", "Requests without a model in their body");
    private final Counter unreadable = counter("bbr_model_not_parsed", "Requests whose body or model was not readable");

    private Counter counter(String name, String help) {
        return Counter.builder(name).description(help).register(registry);
    }

    @Override
    public void routed() {
        routed.increment();
    }

    @Override
    public void modelAbsent() {
        absent.increment();
    }

    @Override
    public void modelUnreadable() {
        unreadable.increment();
    }

    /** The page in the Prometheus text format. */
    public String page() {
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }
}
