package dev.presage.router.metrics;

import dev.presage.router.fleet.EndpointState;
import dev.presage.router.fleet.Fleet;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The gauges that have a series per endpoint, read when the page is. A series lives as long as its endpoint is in the fleet or
 * has requests in flight, which also bounds how many there are. Thread-safe.
 */
final class EndpointLoad implements MultiCollector {
    private static final String PRODUCER = "inflight-load-producer";

    private record Key(String endpointId, String fairness, String priority) {}

    private record Load(long requests, long tokens) {
        Load plus(int moreRequests, long moreTokens) {
            return new Load(requests + moreRequests, tokens + moreTokens);
        }
    }

    private final ConcurrentMap<Key, Load> inFlight = new ConcurrentHashMap<>();
    private volatile @Nullable Fleet fleet;
    private volatile String pool = "";

    void watch(Fleet watched, String poolName) {
        pool = poolName;
        fleet = watched;
    }

    void sent(String endpointId, RequestLabels labels, int tokens) {
        inFlight.merge(
                new Key(endpointId, labels.fairness(), labels.priority()),
                new Load(1, tokens),
                (known, one) -> known.plus(1, tokens));
    }

    void ended(String endpointId, RequestLabels labels, int tokens) {
        inFlight.computeIfPresent(
                new Key(endpointId, labels.fairness(), labels.priority()),
                (key, known) -> known.requests() <= 1 ? null : known.plus(-1, -tokens));
    }

    @Override
    public MetricSnapshots collect() {
        GaugeSnapshot.Builder queue = gauge(FleetMetric.ENDPOINT_QUEUE);
        GaugeSnapshot.Builder requests = gauge(FleetMetric.INFLIGHT_REQUESTS);
        GaugeSnapshot.Builder tokens = gauge(FleetMetric.INFLIGHT_TOKENS);
        Set<String> busy = new HashSet<>();
        inFlight.forEach((key, load) -> {
            busy.add(key.endpointId());
            load(key, load, requests, tokens);
        });
        Fleet watched = fleet;
        if (watched != null) {
            for (EndpointState state : watched.snapshot().endpoints()) {
                String id = state.endpoint().id();
                if (state.signals().scrapedAtNanos() != Long.MIN_VALUE) {
                    point(
                            queue,
                            Labels.of("name", pool, "model_server_endpoint", name(id)),
                            state.signals().waiting());
                }
                if (!busy.contains(id)) {
                    load(new Key(id, RequestMetrics.DEFAULT_FLOW, "0"), new Load(0, 0), requests, tokens);
                }
            }
        }
        return MetricSnapshots.of(queue.build(), requests.build(), tokens.build());
    }

    private static void load(Key key, Load load, GaugeSnapshot.Builder requests, GaugeSnapshot.Builder tokens) {
        Labels labels = Labels.builder()
                .label("endpoint_name", name(key.endpointId()))
                .label("namespace", namespace(key.endpointId()))
                .label("producer_name", PRODUCER)
                .label("fairness_id", key.fairness())
                .label("priority", key.priority())
                .build();
        point(requests, labels, load.requests());
        point(tokens, labels, load.tokens());
    }

    private static GaugeSnapshot.Builder gauge(ContractMetric metric) {
        return GaugeSnapshot.builder().name(metric.pageName()).help(metric.help());
    }

    private static void point(GaugeSnapshot.Builder gauge, Labels labels, double value) {
        gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build());
    }

    /** What follows the namespace in {@code namespace/name-rank-0}. */
    static String name(String endpointId) {
        return endpointId.substring(endpointId.indexOf('/') + 1);
    }

    static String namespace(String endpointId) {
        return endpointId.substring(0, Math.max(0, endpointId.indexOf('/')));
    }
}
