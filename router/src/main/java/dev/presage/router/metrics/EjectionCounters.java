package dev.presage.router.metrics;

import dev.presage.router.eject.EjectionCause;
import dev.presage.router.eject.EjectionListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counters of outlier ejection, registered once so that a series that never moved is seen as zero. Thread-safe. */
final class EjectionCounters implements EjectionListener {
    private final Map<EjectionCause, Counter> ejected = new EnumMap<>(EjectionCause.class);
    private final Counter readmitted;
    private final Counter withheld;

    EjectionCounters(MeterRegistry registry) {
        for (EjectionCause cause : EjectionCause.values()) {
            ejected.put(cause, registry.counter("presage_ejections", "cause", cause.label()));
        }
        readmitted = registry.counter("presage_readmissions");
        withheld = registry.counter("presage_ejections_withheld");
    }

    @Override
    public void ejected(String address, EjectionCause cause) {
        @Nullable Counter counter = ejected.get(cause);
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void readmitted(String address) {
        readmitted.increment();
    }

    @Override
    public void withheld(String address) {
        withheld.increment();
    }
}
