package dev.presage.router.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The deprecated name of a metric: made of the current one's numbers when the page is, summed over the labels that it lacks. So
 * two names cost one set of counters and cannot disagree.
 *
 * @param name with {@code _total} where it is a counter
 * @param labels its own label to the current metric's label
 */
record Twin(String name, Map<String, String> labels) {
    /** A label is written as it is, or {@code own=current} where they differ. */
    static Twin of(String name, List<String> written) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String label : written) {
            int equals = label.indexOf('=');
            labels.put(equals < 0 ? label : label.substring(0, equals), label.substring(equals + 1));
        }
        return new Twin(name, labels);
    }

    /** The same numbers under this name; empty for a type that the contract has none of. */
    Optional<MetricSnapshot> of(MetricSnapshot current, String currentName) {
        String help = "Deprecated: use " + currentName;
        return Optional.ofNullable(
                switch (current) {
                    case CounterSnapshot counter -> counter(counter, help);
                    case GaugeSnapshot gauge -> gauge(gauge, help);
                    case HistogramSnapshot histogram -> histogram(histogram, help);
                    case InfoSnapshot info -> info(info, help);
                    default -> null;
                });
    }

    private MetricSnapshot counter(CounterSnapshot current, String help) {
        CounterSnapshot.Builder twin =
                CounterSnapshot.builder().name(name.replaceAll("_total$", "")).help(help);
        grouped(current.getDataPoints())
                .forEach((labels, points) -> twin.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .labels(labels)
                        .value(points.stream()
                                .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
                                .sum())
                        .build()));
        return twin.build();
    }

    private MetricSnapshot gauge(GaugeSnapshot current, String help) {
        GaugeSnapshot.Builder twin = GaugeSnapshot.builder().name(name).help(help);
        grouped(current.getDataPoints())
                .forEach((labels, points) -> twin.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .labels(labels)
                        .value(points.stream()
                                .mapToDouble(GaugeSnapshot.GaugeDataPointSnapshot::getValue)
                                .sum())
                        .build()));
        return twin.build();
    }

    private MetricSnapshot info(InfoSnapshot current, String help) {
        InfoSnapshot.Builder twin =
                InfoSnapshot.builder().name(name.replaceAll("_info$", "")).help(help);
        grouped(current.getDataPoints())
                .keySet()
                .forEach(labels -> twin.dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(labels)
                        .build()));
        return twin.build();
    }

    private MetricSnapshot histogram(HistogramSnapshot current, String help) {
        HistogramSnapshot.Builder twin = HistogramSnapshot.builder().name(name).help(help);
        grouped(current.getDataPoints())
                .forEach((labels, points) -> twin.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .labels(labels)
                        .classicHistogramBuckets(buckets(points))
                        .sum(points.stream()
                                .mapToDouble(HistogramSnapshot.HistogramDataPointSnapshot::getSum)
                                .sum())
                        .build()));
        return twin.build();
    }

    private static ClassicHistogramBuckets buckets(List<HistogramSnapshot.HistogramDataPointSnapshot> points) {
        TreeMap<Double, Long> counts = new TreeMap<>();
        for (HistogramSnapshot.HistogramDataPointSnapshot point : points) {
            for (ClassicHistogramBucket bucket : point.getClassicBuckets()) {
                counts.merge(bucket.getUpperBound(), bucket.getCount(), Long::sum);
            }
        }
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        counts.forEach(buckets::bucket);
        return buckets.build();
    }

    private <P extends DataPointSnapshot> Map<Labels, List<P>> grouped(List<P> points) {
        Map<Labels, List<P>> groups = new LinkedHashMap<>();
        for (P point : points) {
            groups.computeIfAbsent(own(point.getLabels()), absent -> new ArrayList<>())
                    .add(point);
        }
        return groups;
    }

    private Labels own(Labels current) {
        Labels.Builder own = Labels.builder();
        labels.forEach((mine, theirs) -> {
            String value = current.get(theirs);
            own.label(mine, value == null ? "" : value);
        });
        return own.build();
    }
}
