package dev.presage.store.service;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.registry.AnnotateRequest;
import dev.presage.store.registry.AttachRequest;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.FreezeRequest;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolChange;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.RollbackRequest;
import dev.presage.store.registry.WithdrawRequest;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry over HTTP, and whoever wants to hear of alias moves told. Requests run on virtual threads. Closing it ends the server; registry
 * and listener are the caller's to close.
 */
public final class StoreServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreServer.class);
    private static final int MAX_REQUESTS = 64;

    /** Why listeners are told where aliases are that did not move. */
    static final String AT_START = "position at start";

    private final ModelRegistry registry;
    private final AliasListener listener;
    private final InstantSource clock;
    private final StoreSettings settings;
    private final StorePages pages;
    private final WebServer server;

    private StoreServer(
            StoreSettings settings,
            ModelRegistry registry,
            AliasListener listener,
            InstantSource clock,
            StorePages pages) {
        this.pages = pages;
        this.settings = settings;
        this.registry = registry;
        this.listener = listener;
        this.clock = clock;
        WebServerConfig.Builder builder = WebServer.builder()
                .address(settings.address())
                .port(settings.port())
                .maxPayloadSize(BundleArchive.MAX_BYTES)
                .maxConcurrentRequests(MAX_REQUESTS)
                .shutdownGracePeriod(Duration.ofSeconds(2))
                .shutdownHook(false)
                .routing(this::routing);
        settings.tls()
                .ifPresent(
                        context -> builder.tls(Tls.builder().sslContext(context).build()));
        server = builder.build();
    }

    /** Starts serving the API alone and tells the listener where all aliases are. */
    public static StoreServer start(
            StoreSettings settings, ModelRegistry registry, AliasListener listener, InstantSource clock)
            throws IOException {
        return start(settings, registry, listener, clock, StorePages.NONE);
    }

    /** Starts serving the API and pages beside it. */
    public static StoreServer start(
            StoreSettings settings,
            ModelRegistry registry,
            AliasListener listener,
            InstantSource clock,
            StorePages pages)
            throws IOException {
        StoreServer store = new StoreServer(settings, registry, listener, clock, pages);
        store.server.start();
        for (String pool : registry.pools()) {
            store.report(registry.pool(pool), "presage store", AT_START);
        }
        return store;
    }

    /** Where clients reach it. */
    public URI base() {
        return settings.base(server.port());
    }

    @Override
    public void close() {
        server.stop();
    }

    private void routing(HttpRouting.Builder routing) {
        routing.register(new StoreRoutes(registry, settings.access()))
                .register(new ChangeRoutes(registry, settings.access(), this::changed))
                .register(pages.routes(this::base, this::changed))
                .register(new ApiDocument())
                .error(
                        RequestException.class,
                        (request, response, e) ->
                                StoreRoutes.json(response, e.status, new Replies.Problem(e.code, e.text())))
                .error(IOException.class, StoreServer::failed)
                .error(RuntimeException.class, StoreServer::failed);
    }

    private void changed(PoolChange change, ChangeOutcome.Changed outcome) {
        switch (change) {
            case MoveRequest _, RollbackRequest _, WithdrawRequest _ ->
                report(outcome.state(), change.actor(), change.reason());
            case FreezeRequest _, AnnotateRequest _, AttachRequest _ -> {}
        }
    }

    /** Tells the listener of a change that was not asked for over HTTP. */
    public void report(PoolState state, String actor, String reason) {
        listener.onAliases(state.pool(), AliasRecords.of(state, base(), clock.millis(), actor, reason));
    }

    private static void failed(ServerRequest request, ServerResponse response, Exception e) {
        LOG.error("{} {} failed", request.prologue().method(), request.path().path(), e);
        StoreRoutes.json(response, 500, new Replies.Problem("internal", "the store failed; its log says why"));
    }
}
