package dev.presage.store.service;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.StoreJson;
import dev.presage.store.registry.EvidenceKind;
import dev.presage.store.registry.EvidenceReport;
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
import java.util.function.Supplier;

/** Reading and publishing: pools, their versions, evidence and audit log, and the archives. For viewers; publishing for operators. */
final class StoreRoutes implements HttpService {
    /** Archives held in memory at once; more wait outside. */
    private static final int UPLOADS = 2;

    private final Semaphore uploads = new Semaphore(UPLOADS);
    private final ModelRegistry registry;
    private final StoreAccess access;

    StoreRoutes(ModelRegistry registry, StoreAccess access) {
        this.registry = registry;
        this.access = access;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/healthz", (request, response) -> response.send("ok\n"))
                .get("/v1/pools", this::pools)
                .get("/v1/pools/{pool}", this::pool)
                .get("/v1/pools/{pool}/audit", this::audit)
                .get("/v1/pools/{pool}/versions/{id}/evidence/{kind}", this::evidence)
                .post("/v1/pools/{pool}/bundles", this::publish)
                .get("/v1/bundles/{id}", this::bundle);
    }

    /** Answers 401 or 403 unless the client has the role. */
    static void require(StoreAccess access, StoreAccess.Role role, ServerRequest request) {
        InetAddress client = request.remotePeer().address() instanceof InetSocketAddress address
                ? address.getAddress()
                : InetAddress.ofLiteral("0.0.0.0");
        boolean fromBrowser = request.headers().contains(HeaderNames.ORIGIN);
        access.check(role, client, authorization(request), fromBrowser).ifPresent(denial -> {
            throw new RequestException(denial.status(), "not-allowed", denial.message());
        });
    }

    private static String authorization(ServerRequest request) {
        return request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
    }

    /** Who sent the request: known from its token, else as it says. */
    static String actor(StoreAccess access, ServerRequest request, Supplier<String> otherwise) {
        return access.identity(authorization(request)).orElseGet(otherwise);
    }

    /** As the header says that comes with bodies that are no JSON of ours. */
    static String actor(StoreAccess access, ServerRequest request) {
        return actor(access, request, () -> request.headers()
                .first(HeaderNames.create(StoreClient.ACTOR_HEADER))
                .orElse("unnamed client"));
    }

    static EvidenceKind evidenceKind(String key) {
        return EvidenceKind.ofKey(key)
                .orElseThrow(() -> new IllegalArgumentException("unknown kind of evidence '" + key + "'"));
    }

    static String parameter(ServerRequest request, String name) {
        return request.path().pathParameters().get(name);
    }

    static void json(ServerResponse response, int status, Object body) {
        response.status(status).header("content-type", "application/json").send(StoreJson.write(body));
    }

    private void pools(ServerRequest request, ServerResponse response) throws IOException {
        require(access, StoreAccess.Role.VIEWER, request);
        json(response, 200, new Replies.Pools(registry.pools()));
    }

    private void pool(ServerRequest request, ServerResponse response) throws IOException {
        require(access, StoreAccess.Role.VIEWER, request);
        try {
            String pool = parameter(request, "pool");
            int newest = number(request, "versions", Integer.MAX_VALUE);
            json(response, 200, registry.pool(pool, newest));
        } catch (IllegalArgumentException e) {
            throw new RequestException(400, "bad-request", String.valueOf(e.getMessage()));
        }
    }

    private void audit(ServerRequest request, ServerResponse response) throws IOException {
        require(access, StoreAccess.Role.VIEWER, request);
        try {
            int newest = number(request, "newest", 100);
            String pool = ModelCard.requirePool(parameter(request, "pool"));
            json(response, 200, new Replies.Audit(registry.audit(pool, newest)));
        } catch (IllegalArgumentException e) {
            throw new RequestException(400, "bad-request", String.valueOf(e.getMessage()));
        }
    }

    private void evidence(ServerRequest request, ServerResponse response) throws IOException {
        require(access, StoreAccess.Role.VIEWER, request);
        try {
            String kind = parameter(request, "kind");
            String pool = ModelCard.requirePool(parameter(request, "pool"));
            EvidenceReport report = registry.evidence(
                            pool, BundleId.parse(parameter(request, "id")), evidenceKind(kind))
                    .orElseThrow(() -> new RequestException(404, "no-evidence", "no report of kind " + kind));
            response.header("content-type", "application/json").send(report.json());
        } catch (IllegalArgumentException e) {
            throw new RequestException(400, "bad-request", String.valueOf(e.getMessage()));
        }
    }

    private static int number(ServerRequest request, String name, int otherwise) {
        String text = request.query().first(name).orElse("");
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(name + " is '" + text + "', want a number from 0 to 999999999");
        }
        return Integer.parseInt(text);
    }

    private void bundle(ServerRequest request, ServerResponse response) throws IOException {
        require(access, StoreAccess.Role.VIEWER, request);
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
        require(access, StoreAccess.Role.OPERATOR, request);
        if (!uploads.tryAcquire()) {
            throw new RequestException(503, "busy", UPLOADS + " bundles are being published already; try again");
        }
        try {
            byte[] archive = request.content().inputStream().readNBytes(BundleArchive.MAX_BYTES + 1);
            switch (published(parameter(request, "pool"), archive, actor(access, request))) {
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
