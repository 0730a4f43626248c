package dev.presage.router.metrics;

import dev.presage.router.slo.SloCount;
import dev.presage.router.slo.SloStanding;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** The families of one page that speak of SLOs, while they are filled. Used by one thread. */
final class SloSeries {
    private final GaugeSnapshot.Builder slos = gauge("presage_slos", "LatencySLOs in force");
    private final CounterSnapshot.Builder requests = counter("presage_slo_requests", "Requests that count for an SLO");
    private final CounterSnapshot.Builder bad = counter("presage_slo_bad_requests", "Those that missed it");
    private final CounterSnapshot.Builder byTarget =
            counter("presage_slo_target_requests", "Requests within and over each target of an SLO");
    private final CounterSnapshot.Builder unmeasured =
            counter("presage_slo_unmeasured_requests", "Requests whose latency cannot be known");
    private final GaugeSnapshot.Builder objective =
            gauge("presage_slo_objective_ratio", "Share of requests that must keep the targets");
    private final GaugeSnapshot.Builder attainment =
            gauge("presage_slo_attainment_ratio", "Share of the window's requests that did, as this router counts");
    private final GaugeSnapshot.Builder budget =
            gauge("presage_slo_error_budget_remaining_ratio", "Share of the error budget that is left");
    private final GaugeSnapshot.Builder burn =
            gauge("presage_slo_burn_rate", "Budget use over its allowance, for windows with enough requests");

    SloSeries(int count) {
        point(slos, Labels.EMPTY, count);
    }

    void standing(SloStanding standing) {
        String name = standing.slo().name();
        Labels labels = Labels.of("slo", name);
        counters(name, standing.counted(), standing.ttft(), standing.tpot(), standing.unmeasured());
        point(objective, labels, standing.slo().objective());
        point(attainment, labels, standing.attainment());
        point(budget, labels, standing.budgetLeft());
        for (SloStanding.Burn each : standing.burns()) {
            if (each.enough()) {
                point(burn, Labels.of("slo", name, "window", each.window().label()), each.rate());
            }
        }
    }

    void counters(String name, SloCount counted, SloCount ttft, SloCount tpot, long unknown) {
        Labels labels = Labels.of("slo", name);
        point(requests, labels, counted.requests());
        point(bad, labels, counted.bad());
        point(unmeasured, labels, unknown);
        target(name, "ttft", ttft);
        target(name, "tpot", tpot);
    }

    private void target(String name, String target, SloCount count) {
        point(byTarget, Labels.of("slo", name, "target", target, "result", "within"), count.requests() - count.bad());
        point(byTarget, Labels.of("slo", name, "target", target, "result", "over"), count.bad());
    }

    MetricSnapshots build() {
        return MetricSnapshots.of(
                slos.build(),
                requests.build(),
                bad.build(),
                byTarget.build(),
                unmeasured.build(),
                objective.build(),
                attainment.build(),
                budget.build(),
                burn.build());
    }

    private static GaugeSnapshot.Builder gauge(String name, String help) {
        return GaugeSnapshot.builder().name(name).help(help);
    }

    private static CounterSnapshot.Builder counter(String name, String help) {
        return CounterSnapshot.builder().name(name).help(help);
    }

    private static void point(GaugeSnapshot.Builder gauge, Labels labels, double value) {
        gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build());
    }

    private static void point(CounterSnapshot.Builder counter, Labels labels, double value) {
        counter.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build());
    }
}
