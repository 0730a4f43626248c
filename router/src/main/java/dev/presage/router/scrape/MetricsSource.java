package dev.presage.router.scrape;

import dev.presage.router.eject.Reachability;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EndpointTwin;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.fleet.QueueState;
import dev.presage.router.prefix.PrefixIndex;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The metrics pages: signals and KV capacity, and whether an endpoint takes connections. */
final class MetricsSource implements PageSource {
    private final Fleet fleet;
    private final PrefixIndex prefixes;
    private final Reachability reachability;
    private final ScrapeSettings settings;
    private final LongSupplier nanoClock;
    private final ScrapeListener listener;
    private final @Nullable SslContext tls;

    MetricsSource(
            Fleet fleet,
            PrefixIndex prefixes,
            Reachability reachability,
            ScrapeSettings settings,
            LongSupplier nanoClock,
            ScrapeListener listener) {
        this.fleet = fleet;
        this.prefixes = prefixes;
        this.reachability = reachability;
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.listener = listener;
        this.tls = settings.tls().map(ScrapeTls::context).orElse(null);
    }

    @Override
    public Duration interval() {
        return settings.interval();
    }

    @Override
    public Duration timeout() {
        return settings.timeout();
    }

    @Override
    public String path() {
        return settings.path();
    }

    @Override
    public String accept() {
        return "text/plain;version=0.0.4";
    }

    @Override
    public int port(Endpoint endpoint) {
        return settings.port() == 0 ? endpoint.port() : settings.port();
    }

    @Override
    public @Nullable SslContext tls() {
        return tls;
    }

    @Override
    public PageReading reading(Endpoint endpoint) {
        return new Reading(endpoint, new MetricsPage(settings.engine(endpoint.labels())));
    }

    /** Of one endpoint. */
    private final class Reading implements PageReading {
        private final Endpoint endpoint;
        private final MetricsPage page;

        Reading(Endpoint endpoint, MetricsPage page) {
            this.endpoint = endpoint;
            this.page = page;
        }

        @Override
        public void begin() {
            page.begin();
        }

        @Override
        public void feed(byte[] bytes, int from, int to) {
            page.feed(bytes, from, to);
        }

        @Override
        public Optional<ScrapeFailure> end(long tookNanos) {
            EngineSignals signals = page.end(nanoClock.getAsLong(), own());
            if (signals == null) {
                return Optional.of(ScrapeFailure.NO_KNOWN_METRIC);
            }
            fleet.signals(endpoint.id(), signals);
            if (signals.kvCapacityTokens() > 0) {
                prefixes.capacity(endpoint, signals.kvCapacityTokens());
            }
            reachability.reached(endpoint);
            listener.scraped(endpoint.id(), tookNanos);
            return Optional.empty();
        }

        /** The router's own account of the endpoint. */
        private QueueState own() {
            EndpointTwin twin = fleet.twin(endpoint);
            return twin == null ? QueueState.IDLE : twin.state();
        }

        @Override
        public void failed(ScrapeFailure why, boolean left) {
            if (why == ScrapeFailure.CONNECT) {
                page.forget();
                if (left) {
                    reachability.refused(endpoint);
                }
            }
            listener.failed(endpoint.id(), why);
        }
    }
}
