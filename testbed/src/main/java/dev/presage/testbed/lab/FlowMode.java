package dev.presage.testbed.lab;

import dev.presage.router.flow.BandSettings;
import dev.presage.router.flow.Fairness;
import dev.presage.router.flow.FleetSpace;
import dev.presage.router.flow.FlowSettings;
import dev.presage.router.flow.Limits;
import dev.presage.router.flow.Ordering;
import dev.presage.router.flow.ProgramSpace;
import dev.presage.router.flow.Space;
import dev.presage.router.plugin.FaultLog;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.admit.Admission;
import dev.presage.router.program.ProgramBook;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who lets requests in. */
enum FlowMode {
    /** Everybody at once. */
    NONE("none"),

    /** As the contract's original: priority bands, first come first served, the average of scraped queues and caches. */
    PEER_LIKE("peer-like"),

    /** Production's queues: weighted shares of predicted work, each endpoint judged by its predicted wait. */
    PRESAGE("presage"),

    /** The same, and whose prompt is warm passes those of its tenant whose is not. */
    PRESAGE_WARM_FIRST("presage-warm-first"),

    /** Presage, and agent programs begin where their context fits and stay there. */
    PRESAGE_PROGRAMS("presage-programs"),

    /** The same as presage without holding requests for warm endpoints. */
    PRESAGE_NO_HOLD("presage-no-hold");

    private static final Duration PROGRAM_WAIT = Duration.ofMinutes(30);

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
        throw new IllegalArgumentException("unknown flow control '" + label + "', known: "
                + Arrays.stream(values()).map(FlowMode::label).collect(Collectors.joining(", ")));
    }

    FlowSettings settings() {
        if (this == NONE || this == PEER_LIKE) {
            return FlowSettings.DEFAULT;
        }
        Map<String, Double> weights = new HashMap<>();
        for (int i = 0; i < TenantTraffic.WEIGHTS.length; i++) {
            weights.put(TenantTraffic.TENANTS.get(i), TenantTraffic.WEIGHTS[i]);
        }
        FlowSettings usual =
                keepsPrograms() ? FlowSettings.DEFAULT.waiting(PROGRAM_WAIT, PROGRAM_WAIT) : FlowSettings.DEFAULT;
        return usual.with(new BandSettings(
                Limits.BAND,
                new Fairness.WeightedDeficit(weights, 1),
                this == PRESAGE_WARM_FIRST ? Ordering.WARM_FIRST : Ordering.FCFS));
    }

    /** Whether steps of programs stay where the ones before were. */
    boolean keepsPrograms() {
        return this == PRESAGE_PROGRAMS;
    }

    <T> Space<T> space(Function<T, Round> rounds, int endpoints, ProgramBook book) {
        if (this == PEER_LIKE) {
            return new AverageSpace<>(rounds);
        }
        FleetSpace<T> space = new FleetSpace<>(
                rounds,
                this == PRESAGE_NO_HOLD ? Admission.predictedLatency(0) : Admission.PREDICTED_LATENCY,
                new FaultLog());
        space.pool(endpoints);
        return keepsPrograms() ? new ProgramSpace<>(space, rounds, book) : space;
    }
}
