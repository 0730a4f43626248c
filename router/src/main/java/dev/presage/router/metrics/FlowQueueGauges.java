package dev.presage.router.metrics;

import dev.presage.router.flow.FlowControl;
import dev.presage.router.flow.FlowQueues;
import dev.presage.router.flow.Limits;
import dev.presage.router.flow.PoolSaturation;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gauges of flow control, read when the page is. A series of a flow lives as long as any of its requests waits, which also bounds
 * how many there are; where nothing waits the default flow stands at zero. Thread-safe.
 */
final class FlowQueueGauges implements MultiCollector {
    private static final int MAX_SERIES = 2_000;

    private record Held(long requests, long bytes) {
        @Nullable
        Held plus(long moreRequests, long moreBytes) {
            return requests + moreRequests <= 0 ? null : new Held(requests + moreRequests, bytes + moreBytes);
        }
    }

    /** What is watched. */
    private record Watched(FlowControl flow, String detector, Supplier<PoolSaturation> saturation) {}

    private final String pool;
    private final ConcurrentMap<RequestLabels, Held> held = new ConcurrentHashMap<>();
    private volatile @Nullable Watched watched;

    FlowQueueGauges(String pool) {
        this.pool = pool;
    }

    void watch(FlowControl flow, String detector, Supplier<PoolSaturation> saturation) {
        watched = new Watched(flow, detector, saturation);
    }

    /** So many more wait, fewer where negative. */
    void add(RequestLabels labels, long requests, long bytes) {
        RequestLabels key = held.containsKey(labels) || held.size() < MAX_SERIES ? labels : RequestLabels.OTHER;
        held.compute(key, (same, known) -> (known == null ? new Held(0, 0) : known).plus(requests, bytes));
    }

    @Override
    public MetricSnapshots collect() {
        Map<FlowMetric, GaugeSnapshot.Builder> gauges = new EnumMap<>(FlowMetric.class);
        Map<RequestLabels, Held> now = held.isEmpty()
                ? Map.of(new RequestLabels("", "", RequestMetrics.DEFAULT_FLOW, "0"), new Held(0, 0))
                : held;
        now.forEach((labels, load) -> {
            String[] tags = labels.tags("inference_pool", pool);
            point(gauges, FlowMetric.QUEUE_SIZE, load.requests(), tags);
            point(gauges, FlowMetric.QUEUE_BYTES, load.bytes(), tags);
        });
        Watched view = watched;
        if (view != null) {
            capacity(gauges, view);
            PoolSaturation saturation = view.saturation().get();
            saturation
                    .stages()
                    .forEach((stage, value) ->
                            point(gauges, FlowMetric.SATURATION, value, "inference_pool", pool, "stage", stage));
            point(gauges, FlowMetric.STALE, saturation.stale(), "detector", view.detector());
        }
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        gauges.values().forEach(gauge -> all.metricSnapshot(gauge.build()));
        return all.build();
    }

    private void capacity(Map<FlowMetric, GaugeSnapshot.Builder> gauges, Watched view) {
        FlowControl.View held = view.flow().view();
        Limits global = view.flow().settings().global();
        double globalRequests = (double) held.requests() / global.maxRequests();
        double globalBytes = (double) held.bytes() / global.maxBytes();
        point(gauges, FlowMetric.GLOBAL_REQUESTS, globalRequests, "inference_pool", pool);
        point(gauges, FlowMetric.GLOBAL_BYTES, globalBytes, "inference_pool", pool);
        point(gauges, FlowMetric.PENDING_RECLAIM, held.evicting());
        int target = view.flow().settings().evicts() ? FlowControl.EVICTED_AT_ONCE : 0;
        point(gauges, FlowMetric.RECLAIM_TARGET, target);
        for (FlowQueues.BandView band : held.bands()) {
            String[] tags = {"priority", Integer.toString(band.priority()), "inference_pool", pool};
            Limits limits = band.limits();
            point(gauges, FlowMetric.BAND_REQUESTS, (double) band.requests() / limits.maxRequests(), tags);
            point(gauges, FlowMetric.BAND_BYTES, (double) band.bytes() / limits.maxBytes(), tags);
        }
    }

    private static void point(
            Map<FlowMetric, GaugeSnapshot.Builder> gauges, FlowMetric metric, double value, String... tags) {
        gauges.computeIfAbsent(
                        metric,
                        made -> GaugeSnapshot.builder().name(made.pageName()).help(made.help()))
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .labels(Labels.of(tags))
                        .value(value)
                        .build());
    }
}
