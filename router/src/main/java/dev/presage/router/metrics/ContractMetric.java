package dev.presage.router.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One of the contract's metrics, each declared once; meters are made of the declaration, so that their labels are the contract's. */
sealed interface ContractMetric permits RequestMetric, FleetMetric, DecisionMetric, FlowMetric {
    String PREFIX = "llm_d_epp_";

    static List<ContractMetric> all() {
        return Stream.<ContractMetric[]>of(
                        RequestMetric.values(), FleetMetric.values(), DecisionMetric.values(), FlowMetric.values())
                .flatMap(Stream::of)
                .toList();
    }

    MetricDeclaration declared();

    /** The name on the page, without the suffixes that a histogram's samples have. */
    default String pageName() {
        return PREFIX + declared().name();
    }

    default String help() {
        return declared().help();
    }

    default List<String> labels() {
        return declared().labels();
    }

    default Optional<Twin> twin() {
        return declared().twin();
    }

    /** {@code tags} are name, value, name, value. */
    default Counter counter(MeterRegistry registry, String... tags) {
        return Counter.builder(meterName("_total"))
                .description(help())
                .tags(declared().checked(tags))
                .register(registry);
    }

    default Timer timer(MeterRegistry registry, String... tags) {
        return Timer.builder(meterName("_seconds"))
                .description(help())
                .serviceLevelObjectives(Bounds.durations(declared().bounds()))
                .tags(declared().checked(tags))
                .register(registry);
    }

    default DistributionSummary summary(MeterRegistry registry, String... tags) {
        return DistributionSummary.builder(pageName())
                .description(help())
                .serviceLevelObjectives(declared().bounds())
                .tags(declared().checked(tags))
                .register(registry);
    }

    default Gauge gauge(MeterRegistry registry, Supplier<Number> value, String... tags) {
        // An underscore before "info" would be taken for the suffix of a type of its own.
        String own = this == FleetMetric.INFO ? "llm_d_epp." + declared().name() : pageName();
        return Gauge.builder(own, value)
                .description(help())
                .tags(declared().checked(tags))
                .register(registry);
    }

    /** Records seconds. */
    static void seconds(Timer timer, double seconds) {
        timer.record((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
    }

    /** Micrometer adds the suffix itself. */
    private String meterName(String suffix) {
        String full = pageName();
        return full.endsWith(suffix) ? full.substring(0, full.length() - suffix.length()) : full;
    }
}
