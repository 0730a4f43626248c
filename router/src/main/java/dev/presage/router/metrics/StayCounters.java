package dev.presage.router.metrics;

import dev.presage.router.program.Stay;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Counts whether requests went where their session's cache is, and why not. */
final class StayCounters implements Consumer<Stay> {
    private final List<Counter> counters;

    StayCounters(MeterRegistry registry) {
        counters = Arrays.stream(Stay.values())
                .map(stay -> Counter.builder("presage_sessions")
                        .description("Routed requests by whether they stayed with their session, or why not")
                        .tag("stay", stay.label())
                        .register(registry))
                .toList();
    }

    @Override
    public void accept(Stay stay) {
        counters.get(stay.ordinal()).increment();
    }
}
