package dev.presage.router.metrics;

import dev.presage.router.discovery.DiscoveryListener;
import dev.presage.router.kafka.DropReason;
import dev.presage.router.kafka.EventLogListener;
import dev.presage.router.scrape.ScrapeFailure;
import dev.presage.router.scrape.ScrapeListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Counters of the adapters, registered once so that a series that never moved is seen as zero. Thread-safe. */
final class AdapterCounters implements DiscoveryListener, ScrapeListener, EventLogListener {
    private static final String SOURCE = "metrics-data-source";
    private static final String MODELS_SOURCE = "models-data-source";

    private final Counter loaded;
    private final Counter rejected;
    private final MeterRegistry registry;
    private final Timer scrapes;
    private final Counter pollErrors;
    private final Counter extractErrors;
    private final Counter modelsPollErrors;
    private final Counter modelsExtractErrors;
    private final Map<ScrapeFailure, Counter> scrapeFailures = new EnumMap<>(ScrapeFailure.class);
    private final Counter acked;
    private final Counter spooled;
    private final Map<DropReason, Counter> dropped = new EnumMap<>(DropReason.class);

    AdapterCounters(MeterRegistry registry) {
        loaded = registry.counter("presage_discovery_loads", "result", "loaded");
        rejected = registry.counter("presage_discovery_loads", "result", "rejected");
        this.registry = registry;
        scrapes = Timer.builder("presage_scrape_duration").register(registry);
        pollErrors = FleetMetric.POLL_ERRORS.counter(registry, "source_type", SOURCE);
        extractErrors = FleetMetric.EXTRACT_ERRORS.counter(
                registry, "source_type", SOURCE, "extractor_type", "core-metrics-extractor");
        modelsPollErrors = FleetMetric.POLL_ERRORS.counter(registry, "source_type", MODELS_SOURCE);
        modelsExtractErrors = FleetMetric.EXTRACT_ERRORS.counter(
                registry, "source_type", MODELS_SOURCE, "extractor_type", "models-data-extractor");
        for (ScrapeFailure why : ScrapeFailure.values()) {
            scrapeFailures.put(why, registry.counter("presage_scrape_failures", "reason", why.label()));
        }
        acked = registry.counter("presage_event_log_events", "result", "acked");
        spooled = registry.counter("presage_event_log_events", "result", "spooled");
        for (DropReason why : DropReason.values()) {
            dropped.put(why, registry.counter("presage_event_log_dropped", "reason", why.label()));
        }
    }

    @Override
    public void loaded(int endpoints) {
        loaded.increment();
    }

    @Override
    public void rejected(String reason) {
        rejected.increment();
    }

    /** The resources are the few kinds that discovery follows. */
    @Override
    public void disconnected(String resource) {
        registry.counter("presage_discovery_disconnects", "resource", resource).increment();
    }

    @Override
    public void scraped(String endpointId, long tookNanos) {
        scrapes.record(tookNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void failed(String endpointId, ScrapeFailure why) {
        (ofThePage(why) ? extractErrors : pollErrors).increment();
        count(scrapeFailures.get(why));
    }

    @Override
    public void modelsFailed(String endpointId, ScrapeFailure why) {
        (ofThePage(why) ? modelsExtractErrors : modelsPollErrors).increment();
    }

    /** Whether there was a page that could not be used. */
    private static boolean ofThePage(ScrapeFailure why) {
        return switch (why) {
            case TOO_LARGE, NO_KNOWN_METRIC, UNREADABLE -> true;
            case CONNECT, TIMEOUT, BROKEN, STATUS -> false;
        };
    }

    @Override
    public void acked() {
        acked.increment();
    }

    @Override
    public void spooled() {
        spooled.increment();
    }

    @Override
    public void dropped(DropReason why) {
        count(dropped.get(why));
    }

    private static void count(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }
}
