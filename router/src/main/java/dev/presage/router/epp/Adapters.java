package dev.presage.router.epp;

import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.router.EndpointPicker;
import dev.presage.router.discovery.DiscoveryListener;
import dev.presage.router.discovery.FileDiscovery;
import dev.presage.router.envoy.ExtProcListener;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.kafka.EventLog;
import dev.presage.router.kafka.EventLogListener;
import dev.presage.router.kafka.EventLogSettings;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.prefix.PrefixIndex;
import dev.presage.router.scrape.ScrapeListener;
import dev.presage.router.scrape.ScrapeSettings;
import dev.presage.router.scrape.Scraper;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything around the core that has a socket, a file or a thread: what listens to decisions, then what feeds the fleet and the
 * model. Closed in reverse order; one that fails to close does not keep the others open.
 */
final class Adapters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Adapters.class);

    private final FleetFlags flags;
    private final Fleet fleet;
    private final PrefixIndex prefixes;
    private final LongSupplier nanoClock;
    private final LoggedFaults faults = new LoggedFaults();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    Adapters(FleetFlags flags, Fleet fleet, PrefixIndex prefixes, LongSupplier nanoClock) {
        this.flags = flags;
        this.fleet = fleet;
        this.prefixes = prefixes;
        this.nanoClock = nanoClock;
    }

    /** What is told of every decision; opened before the picker, closed after it. */
    List<RoutingListener> listeners() {
        List<RoutingListener> listeners = new ArrayList<>();
        if (flags.bootstrapServers.isBlank()) {
            LOG.warn("no --bootstrap-servers: decisions and outcomes are not logged, nothing is learned from them");
        } else {
            listeners.add(opened(EventLog.start(
                    EventLogSettings.of(flags.routerId, flags.pool(), flags.dataDir.resolve("spool")),
                    kafka(),
                    nanoClock,
                    EventLogListener.NONE)));
        }
        return listeners;
    }

    /** What is told of the protocol. */
    ExtProcListener extProcListener() {
        return faults;
    }

    /** Starts what feeds the fleet and the model. */
    void feed(EndpointPicker picker) {
        if (flags.endpointsFile != null) {
            opened(FileDiscovery.start(flags.endpointsFile, true, this::discovered, DiscoveryListener.NONE));
        } else {
            LOG.warn("no --endpoints-file: the pool is empty and every request is refused");
        }
        opened(Scraper.start(fleet, prefixes, scrapeSettings(), nanoClock, ScrapeListener.NONE));
        if (!flags.modelStore.isBlank()) {
            LOG.warn("--model-store is accepted but has no effect");
        }
    }

    private void discovered(List<Endpoint> endpoints) {
        fleet.replace(endpoints);
        prefixes.retain(endpoints);
    }

    private ScrapeSettings scrapeSettings() {
        Duration asked = flags.scrapeInterval;
        if (asked == null) {
            return ScrapeSettings.DEFAULT;
        }
        Duration least = ScrapeSettings.MIN_INTERVAL;
        return ScrapeSettings.DEFAULT.every(asked.compareTo(least) < 0 ? least : asked);
    }

    private KafkaConnection kafka() {
        KafkaConnection connection = KafkaConnection.to(flags.bootstrapServers);
        return flags.kafkaProperties == null ? connection : connection.withFile(flags.kafkaProperties);
    }

    /** Whether the pool is known, so that requests can be answered. */
    boolean ready() {
        return !fleet.endpoints().isEmpty();
    }

    private <T extends AutoCloseable> T opened(T adapter) {
        open.push(adapter);
        return adapter;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            AutoCloseable last = open.pop();
            try {
                last.close();
            } catch (Exception e) {
                LOG.warn("closing {}", last, e);
            }
        }
    }
}
