package dev.presage.store.service;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.StoreJson;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.MoveOutcome;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.PublishOutcome;
import dev.presage.store.registry.RollbackRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A store reached over HTTP. The trainer publishes with it, the router fetches bundles with it and polls {@link #pool} beside Kafka. Every
 * call ends within the timeout; an {@link IOException} means that the store is away or does not allow it. Thread-safe.
 */
public final class StoreClient implements ModelRegistry, AutoCloseable {
    static final String ACTOR_HEADER = "presage-actor";

    private static final int MAX_JSON = 16 << 20;

    private final HttpClient http;
    private final URI base;
    private final Optional<String> token;
    private final Duration timeout;

    /**
     * @param base such as {@code http://127.0.0.1:7070}
     * @param token the operator token, when the store wants one to write
     * @param timeout of one call as a whole
     */
    public StoreClient(URI base, Optional<String> token, Duration timeout) {
        if (base.getHost() == null) {
            throw new IllegalArgumentException("store address '" + base + "' is not http://host:port");
        }
        this.base = base;
        this.token = token;
        this.timeout = timeout;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
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
    public MoveOutcome move(MoveRequest move) throws IOException {
        Replies.Move body =
                new Replies.Move(move.bundle(), move.expectedRevision(), move.actor(), move.reason(), move.evidence());
        return moved("/v1/pools/" + move.pool() + "/aliases/" + move.alias().key(), body, move.expectedRevision());
    }

    @Override
    public MoveOutcome rollback(RollbackRequest rollback) throws IOException {
        Replies.Move body = new Replies.Move(
                null, rollback.expectedRevision(), rollback.actor(), rollback.reason(), rollback.evidence());
        return moved("/v1/pools/" + rollback.pool() + "/rollback", body, rollback.expectedRevision());
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }

    private MoveOutcome moved(String path, Replies.Move body, long expectedRevision) throws IOException {
        HttpRequest.Builder request = request(path)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(StoreJson.write(body)));
        Answer answer = send(request, MAX_JSON);
        return switch (answer.status) {
            case 200, 409, 422 -> answer.as(Replies.Moved.class).toOutcome(expectedRevision);
            default -> throw answer.failure();
        };
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(timeout);
        token.ifPresent(value -> request.header("authorization", "Bearer " + value));
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
