package dev.presage.testbed.lab;

import dev.presage.router.flow.BandSettings;
import dev.presage.router.flow.Fairness;
import dev.presage.router.flow.FleetSpace;
import dev.presage.router.flow.FlowSettings;
import dev.presage.router.flow.Limits;
import dev.presage.router.flow.Ordering;
import dev.presage.router.flow.Space;
import dev.presage.router.plugin.FaultLog;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.admit.Admission;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Who lets requests in. */
enum FlowMode {
    /** Everybody at once. */
    NONE("none"),

    /** As the contract's original: priority bands, first come first served, the average of scraped queues and caches. */
    PEER_LIKE("peer-like"),

    /** Production's queues: weighted shares of predicted work, each endpoint judged by its predicted wait. */
    PRESAGE("presage");

    private final String label;

    FlowMode(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** At most one request goes in so much time; 0 without such a pace. */
    double paceMs() {
        return this == PEER_LIKE ? 1 : 0;
    }

    static FlowMode named(String label) {
        for (FlowMode mode : values()) {
            if (mode.label.equals(label)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("unknown flow control '" + label + "', known: none, peer-like, presage");
    }

    FlowSettings settings() {
        if (this != PRESAGE) {
            return FlowSettings.DEFAULT;
        }
        Map<String, Double> weights = new HashMap<>();
        for (int i = 0; i < TenantTraffic.WEIGHTS.length; i++) {
            weights.put(TenantTraffic.TENANTS.get(i), TenantTraffic.WEIGHTS[i]);
        }
        return FlowSettings.DEFAULT.with(
                new BandSettings(Limits.BAND, new Fairness.WeightedDeficit(weights, 1), Ordering.FCFS));
    }

    <T> Space<T> space(Function<T, Round> rounds, int endpoints) {
        if (this == PEER_LIKE) {
            return new AverageSpace<>(rounds);
        }
        FleetSpace<T> space = new FleetSpace<>(rounds, Admission.PREDICTED_LATENCY, new FaultLog());
        space.pool(endpoints);
        return space;
    }
}
