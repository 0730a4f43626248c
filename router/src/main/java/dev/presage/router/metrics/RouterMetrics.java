package dev.presage.router.metrics;

import dev.presage.router.discovery.DiscoveryListener;
import dev.presage.router.eject.EjectionListener;
import dev.presage.router.eject.OutlierEjection;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.kafka.EventLog;
import dev.presage.router.kafka.EventLogListener;
import dev.presage.router.model.ModelListener;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.scrape.ScrapeListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * All metrics of one router: hands out the listeners that fill them and the text that Prometheus reads. Labels with values from
 * outside take at most 1,000 of them, then {@code other}. Thread-safe.
 */
public final class RouterMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final RequestMetrics requests = new RequestMetrics(registry);
    private final AdapterCounters adapters = new AdapterCounters(registry);
    private final EjectionCounters ejections = new EjectionCounters(registry);
    private final ServingGauge serving = new ServingGauge(registry);

    /** {@code version} and {@code commit} appear in the info metric. */
    public RouterMetrics(String version, String commit) {
        Gauge.builder("llm_d_epp.info", () -> 1)
                .tags("commit", commit, "build_ref", version)
                .register(registry);
    }

    public RoutingListener routing() {
        return requests;
    }

    public DiscoveryListener discovery() {
        return adapters;
    }

    public ScrapeListener scraping() {
        return adapters;
    }

    public EjectionListener ejections() {
        return ejections;
    }

    public EventLogListener eventLog() {
        return adapters;
    }

    public ModelListener models() {
        return serving;
    }

    /** A request was refused before it was routed; {@code errorCode} as in the contract's immediate responses. */
    public void refused(String model, int priority, String errorCode) {
        requests.refused(model, priority, errorCode);
    }

    /** Gauges of the fleet under the pool's name. */
    public void watch(Fleet fleet, String pool) {
        FleetGauges.register(registry, fleet, pool);
    }

    /** Gauge of the endpoints that are out of rotation. */
    public void watch(OutlierEjection ejection) {
        Gauge.builder("presage_ejected_endpoints", ejection, OutlierEjection::ejected)
                .register(registry);
    }

    /** Gauge of what waits on disk. */
    public void watch(EventLog log) {
        Gauge.builder("presage_event_log_spool_bytes", log, EventLog::spoolBytes)
                .register(registry);
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
