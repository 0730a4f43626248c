package dev.presage.router.metrics;

import dev.presage.router.discovery.DiscoveryListener;
import dev.presage.router.discovery.SloListener;
import dev.presage.router.eject.EjectionListener;
import dev.presage.router.eject.OutlierEjection;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.flow.FlowControl;
import dev.presage.router.flow.FlowListener;
import dev.presage.router.flow.PoolSaturation;
import dev.presage.router.kafka.EventLog;
import dev.presage.router.kafka.EventLogListener;
import dev.presage.router.model.ModelListener;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.CanaryGuard;
import dev.presage.router.prefix.PrefixIndex;
import dev.presage.router.scrape.ScrapeListener;
import dev.presage.router.slo.SloBook;
import io.grpc.ServerInterceptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All metrics of one router: hands out the listeners that fill them and the text that Prometheus reads. Labels with values from
 * outside take at most 1,000 of them, then {@code other}. Thread-safe.
 */
public final class RouterMetrics implements AutoCloseable {
    private record Rewrite(String rule, String model, String target) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final EndpointLoad load = new EndpointLoad();
    private final RequestMetrics requests = new RequestMetrics(registry, load);
    private final DecisionMetrics decisions = new DecisionMetrics(registry);
    private final ContenderMetrics contenders = new ContenderMetrics(registry);
    private final AdapterCounters adapters = new AdapterCounters(registry);
    private final EjectionCounters ejections = new EjectionCounters(registry);
    private volatile @Nullable FlowQueueGauges queues;
    private final ServingGauge serving = new ServingGauge(registry);
    private final SloMetrics slos = new SloMetrics(registry);
    private final Series<Rewrite, Counter> rewrites = new Series<>(
            BoundedLabel.MAX_VALUES,
            new Rewrite(BoundedLabel.OTHER, BoundedLabel.OTHER, BoundedLabel.OTHER),
            key -> DecisionMetric.MODEL_REWRITES.counter(
                    registry,
                    "model_rewrite_name",
                    key.rule(),
                    "model_name",
                    key.model(),
                    "target_model",
                    key.target()));

    /** {@code version} and {@code commit} appear in the info metric. */
    public RouterMetrics(String version, String commit) {
        FleetMetric.INFO.gauge(registry, () -> 1, "commit", commit, "build_ref", version);
        registry.getPrometheusRegistry().register(load);
        registry.getPrometheusRegistry().register(slos);
    }

    /** What is told of every decision and outcome. */
    public List<RoutingListener> routing() {
        return List.of(requests, decisions, slos, contenders);
    }

    /**
     * Measures the ext_proc port.
     *
     * @param streams whether the {@code extproc_} metrics are wanted
     * @param nanoClock the picker's clock
     */
    public ServerInterceptor streams(boolean streams, LongSupplier nanoClock) {
        return new StreamMetrics(registry, streams, nanoClock);
    }

    public DiscoveryListener discovery() {
        return adapters;
    }

    public ScrapeListener scraping() {
        return adapters;
    }

    /** What is told of flow control; to be asked for once, where there is any. */
    public FlowListener flow(String pool) {
        FlowQueueGauges gauges = new FlowQueueGauges(pool);
        queues = gauges;
        registry.getPrometheusRegistry().register(gauges);
        return new FlowMetrics(registry, gauges, pool);
    }

    /** Gauges of flow control. */
    public void watch(FlowControl flow, String detector, Supplier<PoolSaturation> saturation) {
        FlowQueueGauges gauges = queues;
        if (gauges != null) {
            gauges.watch(flow, detector, saturation);
        }
    }

    public EjectionListener ejections() {
        return ejections;
    }

    public EventLogListener eventLog() {
        return adapters;
    }

    public SloListener slos() {
        return slos;
    }

    public ModelListener models() {
        return serving;
    }

    /** A request was refused before it was routed; {@code errorCode} as in the contract's immediate responses. */
    public void refused(String model, int priority, String errorCode) {
        requests.refused(model, priority, errorCode);
    }

    /** A guardrail took the canary out of service. */
    public void stopped(CanaryGuard.Stop stop) {
        contenders.stopped(stop);
    }

    /** No endpoint was found for a request. */
    public void notScheduled() {
        decisions.notScheduled();
    }

    /** The rule of this name sent a request for {@code model} to {@code target}. */
    public void rewritten(String rule, String model, String target) {
        rewrites.of(new Rewrite(rule, model, target)).increment();
    }

    /** Gauges of the fleet under the pool's name. */
    public void watch(Fleet fleet, String pool) {
        FleetGauges.register(registry, fleet, pool);
        load.watch(fleet, pool);
    }

    /** How the SLOs stand. */
    public void watch(SloBook book) {
        slos.watch(book);
    }

    /** Gauge of what the prefix index holds. */
    public void watch(PrefixIndex prefixes) {
        FleetMetric.PREFIX_SIZE.gauge(registry, prefixes::size, DecisionMetrics.prefixTags());
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
        return MetricsPage.of(registry);
    }

    @Override
    public void close() {
        registry.close();
    }
}
