package dev.presage.router.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Writes what a registry holds in the Prometheus text format, each of the contract's metrics under both of its names. */
final class MetricsPage {
    private static final Map<String, ContractMetric> BY_NAME = byName();
    private static final int USUAL_BYTES = 1 << 16;

    private MetricsPage() {}

    static String of(PrometheusMeterRegistry registry) {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        for (MetricSnapshot snapshot : registry.getPrometheusRegistry().scrape()) {
            all.metricSnapshot(snapshot);
            ContractMetric metric = BY_NAME.get(snapshot.getMetadata().getPrometheusName());
            if (metric != null) {
                metric.twin()
                        .flatMap(twin -> twin.of(snapshot, metric.pageName()))
                        .ifPresent(all::metricSnapshot);
            }
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream(USUAL_BYTES);
        try {
            PrometheusTextFormatWriter.create().write(text, all.build());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    /** A counter and an info are known without their suffix. */
    private static Map<String, ContractMetric> byName() {
        Map<String, ContractMetric> names = new HashMap<>();
        for (ContractMetric metric : ContractMetric.all()) {
            names.put(metric.pageName().replaceAll("_(total|info)$", ""), metric);
        }
        return names;
    }
}
