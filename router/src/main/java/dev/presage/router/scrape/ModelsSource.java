package dev.presage.router.scrape;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.fleet.ServedModels;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The lists of models: which names are served where, and which of them are adapters. */
final class ModelsSource implements PageSource {
    private final Fleet fleet;
    private final ModelsSettings settings;
    private final ScrapeListener listener;
    private final @Nullable SslContext tls;

    ModelsSource(Fleet fleet, ModelsSettings settings, ScrapeListener listener) {
        this.fleet = fleet;
        this.settings = settings;
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
        return "application/json";
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
        return new Reading(endpoint);
    }

    /** Of one endpoint. Holds a page while it comes, which the target bounds. */
    private final class Reading implements PageReading {
        private final Endpoint endpoint;
        private ByteArrayOutputStream page = new ByteArrayOutputStream();

        Reading(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public void begin() {
            page = new ByteArrayOutputStream();
        }

        @Override
        public void feed(byte[] bytes, int from, int to) {
            page.write(bytes, from, to - from);
        }

        @Override
        public Optional<ScrapeFailure> end(long tookNanos) {
            Optional<ServedModels> models = ModelsPage.read(page.toByteArray());
            page = new ByteArrayOutputStream();
            if (models.isEmpty()) {
                return Optional.of(ScrapeFailure.UNREADABLE);
            }
            fleet.models(endpoint.id(), models.get());
            listener.modelsRead(endpoint.id());
            return Optional.empty();
        }

        /** What was served stays known while nobody answers, like signals; a process that is gone serves nothing. */
        @Override
        public void failed(ScrapeFailure why, boolean left) {
            page = new ByteArrayOutputStream();
            if (why == ScrapeFailure.CONNECT) {
                fleet.models(endpoint.id(), ServedModels.NONE);
            }
            listener.modelsFailed(endpoint.id(), why);
        }
    }
}
