package dev.presage.store.service;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.StoreJson;
import dev.presage.store.registry.AnnotateRequest;
import dev.presage.store.registry.AttachRequest;
import dev.presage.store.registry.AuditEntry;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.EvidenceKind;
import dev.presage.store.registry.EvidenceReport;
import dev.presage.store.registry.FreezeRequest;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.MovePlan;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolChange;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.PublishOutcome;
import dev.presage.store.registry.RollbackRequest;
import dev.presage.store.registry.WithdrawRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A store reached over HTTP. The trainer publishes with it, the router fetches bundles with it and polls {@link #pool} beside Kafka. Every
 * call ends within the timeout; an {@link IOException} means that the store is away or does not allow it. Thread-safe.
 */
public final class StoreClient implements ModelRegistry, AutoCloseable {
    static final String ACTOR_HEADER = "presage-actor";

    private static final int MAX_JSON = 16 << 20;

    private final HttpClient http;
    private final URI base;
    private final StoreCredentials credentials;
    private final Duration timeout;

    /** As {@link #StoreClient(URI, StoreCredentials, Duration)}, with the system's authorities. */
    public StoreClient(URI base, Optional<String> token, Duration timeout) {
        this(base, new StoreCredentials(token, Optional.empty()), timeout);
    }

    /**
     * @param base such as {@code http://127.0.0.1:7070}
     * @param timeout of one call as a whole
     */
    public StoreClient(URI base, StoreCredentials credentials, Duration timeout) {
        if (base.getHost() == null) {
            throw new IllegalArgumentException("store address '" + base + "' is not http://host:port");
        }
        this.base = base;
        this.credentials = credentials;
        this.timeout = timeout;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(timeout);
        credentials.authorities().ifPresent(builder::sslContext);
        http = builder.build();
    }

    @Override
    public PublishOutcome publish(String pool, byte[] archive, String actor) throws IOException {
        HttpRequest.Builder request = request("/v1/pools/" + pool + "/bundles")
                .header(ACTOR_HEADER, actor)
                .header("content-type", "application/zip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(archive));
        Answer answer = send(request, MAX_JSON);
        return switch (answer.status) {
            case 200, 201 -> {
                Replies.Published published = answer.as(Replies.Published.class);
                yield new PublishOutcome.Published(published.bundle(), published.created());
            }
            case 400, 413, 422 -> {
                Replies.Problem problem = answer.as(Replies.Problem.class);
                yield new PublishOutcome.Refused(problem.error(), problem.message());
            }
            default -> throw answer.failure();
        };
    }

    @Override
    public Optional<byte[]> archive(BundleId bundle) throws IOException {
        Answer answer = send(request("/v1/bundles/" + bundle).GET(), BundleArchive.MAX_BYTES);
        return switch (answer.status) {
            case 200 -> Optional.of(answer.body);
            case 404 -> Optional.empty();
            default -> throw answer.failure();
        };
    }

    @Override
    public List<String> pools() throws IOException {
        return ok(send(request("/v1/pools").GET(), MAX_JSON), Replies.Pools.class)
                .pools();
    }

    @Override
    public PoolState pool(String pool) throws IOException {
        return ok(send(request("/v1/pools/" + pool).GET(), MAX_JSON), PoolState.class);
    }

    @Override
    public PoolState pool(String pool, int newest) throws IOException {
        return ok(
                send(
                        request("/v1/pools/" + pool + "?versions=" + Math.min(newest, 999_999_999))
                                .GET(),
                        MAX_JSON),
                PoolState.class);
    }

    @Override
    public List<AuditEntry> audit(String pool, int newest) throws IOException {
        return ok(
                        send(
                                request("/v1/pools/" + pool + "/audit?newest=" + Math.min(newest, 999_999_999))
                                        .GET(),
                                MAX_JSON),
                        Replies.Audit.class)
                .entries();
    }

    @Override
    public Optional<EvidenceReport> evidence(String pool, BundleId bundle, EvidenceKind kind) throws IOException {
        String path = version(pool, bundle) + "/evidence/" + kind.key();
        Answer answer = send(request(path).GET(), MAX_JSON);
        return switch (answer.status) {
            case 200 -> Optional.of(new EvidenceReport(new String(answer.body, StandardCharsets.UTF_8)));
            case 404 -> Optional.empty();
            default -> throw answer.failure();
        };
    }

    @Override
    public ChangeOutcome change(PoolChange change) throws IOException {
        String pool = "/v1/pools/" + change.pool();
        return switch (change) {
            case MoveRequest move ->
                post(
                        pool + "/aliases/" + move.alias().key(),
                        body(move, move.expectedRevision()).about(move.bundle(), move.force()),
                        move.expectedRevision());
            case RollbackRequest rollback ->
                post(pool + "/rollback", body(rollback, rollback.expectedRevision()), rollback.expectedRevision());
            case WithdrawRequest withdraw ->
                post(
                        version(withdraw.pool(), withdraw.bundle()) + "/withdraw",
                        body(withdraw, withdraw.expectedRevision())
                                .withdrawnTo(withdraw.to().name().toLowerCase(Locale.ROOT)),
                        withdraw.expectedRevision());
            case FreezeRequest freeze ->
                post(
                        pool + "/freeze",
                        body(freeze, freeze.expectedRevision()).freezing(freeze.frozen()),
                        freeze.expectedRevision());
            case AnnotateRequest annotate ->
                post(
                        version(annotate.pool(), annotate.bundle()) + "/annotations",
                        body(annotate, null).saying(List.copyOf(annotate.tags()), annotate.note()),
                        0);
            case AttachRequest attach -> attach(attach);
        };
    }

    @Override
    public MovePlan plan(MoveRequest move) throws IOException {
        Replies.Change body = body(move, move.expectedRevision()).about(move.bundle(), move.force());
        HttpRequest.Builder request = request(
                        "/v1/pools/" + move.pool() + "/aliases/" + move.alias().key() + "/plan")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(StoreJson.write(body)));
        Replies.Planned planned = ok(send(request, MAX_JSON), Replies.Planned.class);
        return new MovePlan(planned.outcome().toOutcome(move.expectedRevision()), planned.gates());
    }

    private ChangeOutcome attach(AttachRequest attach) throws IOException {
        String path = version(attach.pool(), attach.bundle()) + "/evidence/"
                + attach.kind().key();
        return changed(
                request(path)
                        .header(ACTOR_HEADER, attach.actor())
                        .header("content-type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(attach.report().json())),
                0);
    }

    private static Replies.Change body(PoolChange change, @Nullable Long expectedRevision) {
        return Replies.Change.of(change.actor(), change.reason(), expectedRevision, change.evidence());
    }

    private static String version(String pool, BundleId bundle) {
        return "/v1/pools/" + pool + "/versions/" + bundle;
    }

    /** Whether a bundle's announced location is one of this store, so that asking it is the same. */
    public boolean isAt(URI location) {
        return base.getScheme().equalsIgnoreCase(location.getScheme())
                && base.getHost().equalsIgnoreCase(location.getHost())
                && base.getPort() == location.getPort();
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }

    private ChangeOutcome post(String path, Replies.Change body, long expectedRevision) throws IOException {
        return changed(
                request(path)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(StoreJson.write(body))),
                expectedRevision);
    }

    private ChangeOutcome changed(HttpRequest.Builder request, long expectedRevision) throws IOException {
        Answer answer = send(request, MAX_JSON);
        return switch (answer.status) {
            case 200, 409, 422 -> answer.as(Replies.Changed.class).toOutcome(expectedRevision);
            default -> throw answer.failure();
        };
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(timeout);
        credentials.token().ifPresent(value -> request.header("authorization", "Bearer " + value));
        return request;
    }

    private Answer send(HttpRequest.Builder request, int maxBytes) throws IOException {
        HttpRequest built = request.build();
        var pending = http.sendAsync(
                built, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), maxBytes));
        try {
            // The request's own timeout ends with the headers; this one bounds the body too.
            HttpResponse<byte[]> response = pending.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new Answer(built.uri(), response.statusCode(), response.body());
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw new IOException(built.uri() + " did not answer within " + timeout, e);
        } catch (ExecutionException e) {
            throw new IOException("store " + base + " cannot be asked: " + e.getCause(), e);
        } catch (InterruptedException e) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while waiting for the store").initCause(e);
        }
    }

    private static <T> T ok(Answer answer, Class<T> type) throws IOException {
        if (answer.status != 200) {
            throw answer.failure();
        }
        return answer.as(type);
    }

    private record Answer(URI uri, int status, byte[] body) {
        <T> T as(Class<T> type) throws IOException {
            try {
                return StoreJson.read(body, type);
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        uri + " answered " + status + " with other than was expected: " + e.getMessage(), e);
            }
        }

        IOException failure() {
            try {
                return new IOException(uri + " answered " + status + ": "
                        + StoreJson.read(body, Replies.Problem.class).message());
            } catch (IllegalArgumentException e) {
                return new IOException(uri + " answered " + status);
            }
        }
    }
}
