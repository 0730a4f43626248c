package dev.presage.router.metrics;

import dev.presage.router.model.ModelListener;
import dev.presage.store.bundle.VerifiedBundle;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Swaps and refusals, and which bundle serves. One info series at a time. */
final class ServingGauge implements ModelListener {
    private static final int MAX_REASONS = 50;

    private final MeterRegistry registry;
    private final BoundedLabel reasons = new BoundedLabel(MAX_REASONS);
    private final AtomicLong trainedAtMs = new AtomicLong();
    private final Counter swaps;
    private final Counter failures;
    private final Counter withdrawals;
    private @Nullable Gauge info;

    /** Counters are there before they count, so that the first increase is seen as one. */
    ServingGauge(MeterRegistry registry) {
        this.registry = registry;
        swaps = registry.counter("presage_model_swaps");
        failures = registry.counter("presage_model_store_failures");
        withdrawals = registry.counter("presage_model_withdrawals");
        Gauge.builder("presage_model_trained_at_seconds", trainedAtMs, ms -> ms.get() / 1e3)
                .description("End of the training data of the model in service, 0 without one")
                .register(registry);
    }

    @Override
    public synchronized void swapped(VerifiedBundle bundle) {
        forget();
        info = Gauge.builder("presage_bundle.info", () -> 1)
                .description("The bundle in service")
                .tag("bundle_id", bundle.id().value())
                .register(registry);
        trainedAtMs.set(bundle.manifest().card().window().toMs());
        swaps.increment();
    }

    @Override
    public void refused(String bundleId, String code) {
        registry.counter("presage_model_refusals", "reason", reasons.of(code)).increment();
    }

    @Override
    public void unreachable() {
        failures.increment();
    }

    @Override
    public synchronized void withdrawn() {
        forget();
        trainedAtMs.set(0);
        withdrawals.increment();
    }

    private void forget() {
        if (info != null) {
            registry.remove(info);
            info = null;
        }
    }
}
