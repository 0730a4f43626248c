package dev.presage.store.service;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.StoreJson;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PublishOutcome;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Semaphore;

/** Reading and publishing: {@code /v1/pools}, {@code /v1/pools/POOL}, {@code /v1/pools/POOL/bundles}, {@code /v1/bundles/ID}. */
final class StoreRoutes implements HttpService {
    /** Archives held in memory at once; more wait outside. */
    private static final int UPLOADS = 2;

    private final Semaphore uploads = new Semaphore(UPLOADS);
    private final ModelRegistry registry;
    private final WriteAccess access;

    StoreRoutes(ModelRegistry registry, WriteAccess access) {
        this.registry = registry;
        this.access = access;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/healthz", (request, response) -> response.send("ok\n"))
                .get("/v1/pools", this::pools)
                .get("/v1/pools/{pool}", this::pool)
                .post("/v1/pools/{pool}/bundles", this::publish)
                .get("/v1/bundles/{id}", this::bundle);
    }

    /** Answers 401 or 403 unless the client may write. */
    static void requireWriter(WriteAccess access, ServerRequest request) {
        InetAddress client = request.remotePeer().address() instanceof InetSocketAddress address
                ? address.getAddress()
                : InetAddress.ofLiteral("0.0.0.0");
        String authorization =
                request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
        boolean fromBrowser = request.headers().contains(HeaderNames.ORIGIN);
        access.check(client, authorization, fromBrowser).ifPresent(denial -> {
            throw new RequestException(denial.status(), "not-allowed", denial.message());
        });
    }

    static String parameter(ServerRequest request, String name) {
        return request.path().pathParameters().get(name);
    }

    static void json(ServerResponse response, int status, Object body) {
        response.status(status).header("content-type", "application/json").send(StoreJson.write(body));
    }

    private void pools(ServerRequest request, ServerResponse response) throws IOException {
        json(response, 200, new Replies.Pools(registry.pools()));
    }

    private void pool(ServerRequest request, ServerResponse response) throws IOException {
        try {
            json(response, 200, registry.pool(parameter(request, "pool")));
        } catch (IllegalArgumentException e) {
            throw new RequestException(400, "bad-request", String.valueOf(e.getMessage()));
        }
    }

    private void bundle(ServerRequest request, ServerResponse response) throws IOException {
        BundleId id;
        try {
            id = BundleId.parse(parameter(request, "id"));
        } catch (IllegalArgumentException e) {
            throw new RequestException(400, "bad-request", String.valueOf(e.getMessage()));
        }
        byte[] archive = registry.archive(id)
                .orElseThrow(() -> new RequestException(404, "unknown-bundle", "the store has no bundle " + id));
        response.header("content-type", "application/zip")
                .header("cache-control", "public, max-age=31536000, immutable")
                .header("etag", "\"" + id + "\"")
                .send(archive);
    }

    private void publish(ServerRequest request, ServerResponse response) throws IOException {
        requireWriter(access, request);
        if (!uploads.tryAcquire()) {
            throw new RequestException(503, "busy", UPLOADS + " bundles are being published already; try again");
        }
        try {
            byte[] archive = request.content().inputStream().readNBytes(BundleArchive.MAX_BYTES + 1);
            String actor = request.headers()
                    .first(HeaderNames.create(StoreClient.ACTOR_HEADER))
                    .orElse("unnamed client");
            switch (published(parameter(request, "pool"), archive, actor)) {
                case PublishOutcome.Published published ->
                    json(
                            response,
                            published.created() ? 201 : 200,
                            new Replies.Published(published.bundle(), published.created()));
                case PublishOutcome.Refused refused ->
                    json(response, 422, new Replies.Problem(refused.code(), refused.message()));
            }
        } finally {
            uploads.release();
        }
    }

    private PublishOutcome published(String pool, byte[] archive, String actor) throws IOException {
        try {
            return registry.publish(pool, archive, actor);
        } catch (IllegalArgumentException e) {
            throw new RequestException(400, "bad-request", String.valueOf(e.getMessage()));
        }
    }
}
