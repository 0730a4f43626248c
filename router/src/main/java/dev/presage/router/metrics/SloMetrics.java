package dev.presage.router.metrics;

import dev.presage.router.discovery.SloListener;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.TargetStanding;
import dev.presage.router.slo.SloBook;
import dev.presage.router.slo.SloCount;
import dev.presage.router.slo.SloStanding;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is told of SLOs, read from their book when the page is: about 20 series each for the first {@value #MAX_SLOS} by name;
 * the counters of the others are added up under {@code other}. Thread-safe.
 */
final class SloMetrics implements MultiCollector, SloListener, RoutingListener {
    static final int MAX_SLOS = 500;

    private final Counter loaded;
    private final Counter rejected;
    private final Map<TargetStanding, Counter> picks = new EnumMap<>(TargetStanding.class);
    private volatile @Nullable SloBook book;

    SloMetrics(MeterRegistry registry) {
        loaded = registry.counter("presage_slo_loads", "result", "loaded");
        rejected = registry.counter("presage_slo_loads", "result", "rejected");
        for (TargetStanding standing : TargetStanding.values()) {
            if (standing != TargetStanding.NONE) {
                picks.put(standing, registry.counter("presage_slo_picks", "standing", standing.label()));
            }
        }
    }

    void watch(SloBook watched) {
        book = watched;
    }

    @Override
    public void slosLoaded(int count) {
        loaded.increment();
    }

    @Override
    public void slosRejected(String reason) {
        rejected.increment();
    }

    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        Counter counter = picks.get(decision.choice().standing());
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void ended(Outcome outcome) {
        // The book counts ends.
    }

    @Override
    public MetricSnapshots collect() {
        SloBook watched = book;
        List<SloStanding> all = watched == null ? List.of() : watched.standings();
        SloSeries series = new SloSeries(all.size());
        SloCount counted = new SloCount(0, 0);
        SloCount ttft = counted;
        SloCount tpot = counted;
        long unmeasured = 0;
        for (int i = 0; i < all.size(); i++) {
            SloStanding standing = all.get(i);
            if (i < MAX_SLOS) {
                series.standing(standing);
            } else {
                counted = add(counted, standing.counted());
                ttft = add(ttft, standing.ttft());
                tpot = add(tpot, standing.tpot());
                unmeasured += standing.unmeasured();
            }
        }
        if (all.size() > MAX_SLOS) {
            series.counters(BoundedLabel.OTHER, counted, ttft, tpot, unmeasured);
        }
        return series.build();
    }

    private static SloCount add(SloCount one, SloCount other) {
        return new SloCount(one.requests() + other.requests(), one.bad() + other.bad());
    }
}
