package dev.presage.store.service;

import dev.presage.store.bundle.StoreJson;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.MoveOutcome;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.RollbackRequest;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Moving aliases: {@code /v1/pools/POOL/aliases/ALIAS} and {@code /v1/pools/POOL/rollback}. */
final class AliasRoutes implements HttpService {
    private static final int MAX_BODY = 128 << 10;

    private final ModelRegistry registry;
    private final WriteAccess access;
    private final StateReporter reporter;

    AliasRoutes(ModelRegistry registry, WriteAccess access, StateReporter reporter) {
        this.registry = registry;
        this.access = access;
        this.reporter = reporter;
    }

    /** Passes a changed pool on to the listener. */
    interface StateReporter {
        void report(PoolState state, String actor, String reason);
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/v1/pools/{pool}/aliases/{alias}", this::move).post("/v1/pools/{pool}/rollback", this::rollback);
    }

    private void move(ServerRequest request, ServerResponse response) throws IOException {
        StoreRoutes.requireWriter(access, request);
        MoveRequest move;
        try {
            move = moveRequest(request, body(request));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw badRequest(e);
        }
        answer(response, registry.move(move), move.actor(), move.reason());
    }

    private void rollback(ServerRequest request, ServerResponse response) throws IOException {
        StoreRoutes.requireWriter(access, request);
        RollbackRequest rollback;
        try {
            Replies.Move body = body(request);
            rollback = new RollbackRequest(
                    StoreRoutes.parameter(request, "pool"),
                    required(body.expectedRevision(), "expected_revision"),
                    required(body.actor(), "actor"),
                    required(body.reason(), "reason"),
                    Objects.requireNonNullElse(body.evidence(), Map.of()));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw badRequest(e);
        }
        answer(response, registry.rollback(rollback), rollback.actor(), rollback.reason());
    }

    private void answer(ServerResponse response, MoveOutcome outcome, String actor, String reason) {
        if (outcome instanceof MoveOutcome.Moved moved) {
            reporter.report(moved.state(), actor, reason);
        }
        Replies.Moved reply = Replies.Moved.of(outcome);
        StoreRoutes.json(response, reply.status(), reply);
    }

    private static MoveRequest moveRequest(ServerRequest request, Replies.Move body) {
        String alias = StoreRoutes.parameter(request, "alias");
        return new MoveRequest(
                StoreRoutes.parameter(request, "pool"),
                Alias.ofKey(alias).orElseThrow(() -> new IllegalArgumentException("unknown alias '" + alias + "'")),
                required(body.bundle(), "bundle"),
                required(body.expectedRevision(), "expected_revision"),
                required(body.actor(), "actor"),
                required(body.reason(), "reason"),
                Objects.requireNonNullElse(body.evidence(), Map.of()));
    }

    private static Replies.Move body(ServerRequest request) {
        byte[] body;
        try {
            body = request.content().inputStream().readNBytes(MAX_BODY + 1);
        } catch (IOException e) {
            throw new IllegalArgumentException("the body ended early", e);
        }
        if (body.length > MAX_BODY) {
            throw new IllegalArgumentException("the body is larger than " + MAX_BODY + " bytes");
        }
        return StoreJson.readPartial(body, Replies.Move.class);
    }

    private static <T> T required(@Nullable T value, String name) {
        return Objects.requireNonNull(value, () -> "field " + name + " is missing");
    }

    private static RequestException badRequest(RuntimeException e) {
        return new RequestException(400, "bad-request", String.valueOf(e.getMessage()));
    }
}
