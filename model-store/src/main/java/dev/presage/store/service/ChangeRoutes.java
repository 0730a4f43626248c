package dev.presage.store.service;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.StoreJson;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.AnnotateRequest;
import dev.presage.store.registry.AttachRequest;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.EvidenceReport;
import dev.presage.store.registry.FreezeRequest;
import dev.presage.store.registry.LifecycleState;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.MovePlan;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolChange;
import dev.presage.store.registry.RollbackRequest;
import dev.presage.store.registry.WithdrawRequest;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What changes a pool: moves of aliases, rollback, freeze, and what is done to one version. For operators. */
final class ChangeRoutes implements HttpService {
    private static final int MAX_BODY = 128 << 10;
    private static final int MAX_REPORT = 1 << 20;

    private final ModelRegistry registry;
    private final StoreAccess access;
    private final ChangeListener listener;

    ChangeRoutes(ModelRegistry registry, StoreAccess access, ChangeListener listener) {
        this.registry = registry;
        this.access = access;
        this.listener = listener;
    }

    private interface Reader {
        PoolChange read(ServerRequest request);
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/v1/pools/{pool}/aliases/{alias}", handler(this::move))
                .post("/v1/pools/{pool}/aliases/{alias}/plan", this::plan)
                .post("/v1/pools/{pool}/rollback", handler(this::rollback))
                .post("/v1/pools/{pool}/freeze", handler(this::freeze))
                .post("/v1/pools/{pool}/versions/{id}/withdraw", handler(this::withdraw))
                .post("/v1/pools/{pool}/versions/{id}/annotations", handler(this::annotate))
                .put("/v1/pools/{pool}/versions/{id}/evidence/{kind}", handler(this::attach));
    }

    private Handler handler(Reader reader) {
        return (request, response) -> {
            StoreRoutes.require(access, StoreAccess.Role.OPERATOR, request);
            PoolChange change;
            try {
                change = reader.read(request);
            } catch (IllegalArgumentException | NullPointerException e) {
                throw new RequestException(400, "bad-request", String.valueOf(e.getMessage()));
            }
            answer(response, change);
        };
    }

    private void answer(ServerResponse response, PoolChange change) throws IOException {
        ChangeOutcome outcome = registry.change(change);
        if (outcome instanceof ChangeOutcome.Changed changed) {
            listener.changed(change, changed);
        }
        Replies.Changed reply = Replies.Changed.of(outcome);
        StoreRoutes.json(response, reply.status(), reply);
    }

    /** Answers for a move what would come of it. */
    private void plan(ServerRequest request, ServerResponse response) throws IOException {
        StoreRoutes.require(access, StoreAccess.Role.VIEWER, request);
        MoveRequest move;
        try {
            move = move(request);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new RequestException(400, "bad-request", String.valueOf(e.getMessage()));
        }
        MovePlan plan = registry.plan(move);
        StoreRoutes.json(response, 200, new Replies.Planned(Replies.Changed.of(plan.outcome()), plan.gates()));
    }

    private MoveRequest move(ServerRequest request) {
        Replies.Change body = body(request);
        String alias = StoreRoutes.parameter(request, "alias");
        return new MoveRequest(
                StoreRoutes.parameter(request, "pool"),
                Alias.ofKey(alias).orElseThrow(() -> new IllegalArgumentException("unknown alias '" + alias + "'")),
                required(body.bundle(), "bundle"),
                revision(body),
                actor(request, body),
                required(body.reason(), "reason"),
                evidence(body),
                Boolean.TRUE.equals(body.force()));
    }

    private PoolChange rollback(ServerRequest request) {
        Replies.Change body = body(request);
        return new RollbackRequest(
                StoreRoutes.parameter(request, "pool"),
                revision(body),
                actor(request, body),
                required(body.reason(), "reason"),
                evidence(body));
    }

    private PoolChange freeze(ServerRequest request) {
        Replies.Change body = body(request);
        return new FreezeRequest(
                StoreRoutes.parameter(request, "pool"),
                required(body.frozen(), "frozen"),
                revision(body),
                actor(request, body),
                required(body.reason(), "reason"));
    }

    private PoolChange withdraw(ServerRequest request) {
        Replies.Change body = body(request);
        String to = required(body.to(), "to");
        LifecycleState state =
                switch (to) {
                    case "retired" -> LifecycleState.RETIRED;
                    case "rejected" -> LifecycleState.REJECTED;
                    default -> throw new IllegalArgumentException("to is '" + to + "', want retired or rejected");
                };
        return new WithdrawRequest(
                StoreRoutes.parameter(request, "pool"),
                BundleId.parse(StoreRoutes.parameter(request, "id")),
                state,
                revision(body),
                actor(request, body),
                required(body.reason(), "reason"),
                evidence(body));
    }

    private PoolChange annotate(ServerRequest request) {
        Replies.Change body = body(request);
        return new AnnotateRequest(
                StoreRoutes.parameter(request, "pool"),
                BundleId.parse(StoreRoutes.parameter(request, "id")),
                new TreeSet<>(Objects.requireNonNullElse(body.tags(), List.of())),
                Objects.requireNonNullElse(body.note(), ""),
                actor(request, body),
                required(body.reason(), "reason"));
    }

    private PoolChange attach(ServerRequest request) {
        String kind = StoreRoutes.parameter(request, "kind").toLowerCase(Locale.ROOT);
        return new AttachRequest(
                StoreRoutes.parameter(request, "pool"),
                BundleId.parse(StoreRoutes.parameter(request, "id")),
                StoreRoutes.evidenceKind(kind),
                new EvidenceReport(new String(bytes(request, MAX_REPORT), StandardCharsets.UTF_8)),
                StoreRoutes.actor(access, request),
                "report");
    }

    private String actor(ServerRequest request, Replies.Change body) {
        return StoreRoutes.actor(access, request, () -> required(body.actor(), "actor"));
    }

    /** JSON has one kind of number: 7.0 is 7. */
    private static long revision(Replies.Change body) {
        BigDecimal revision = required(body.expectedRevision(), "expected_revision");
        try {
            return revision.longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("expected_revision is no whole number of 64 bits", e);
        }
    }

    private static Map<String, String> evidence(Replies.Change body) {
        return Objects.requireNonNullElse(body.evidence(), Map.of());
    }

    private static Replies.Change body(ServerRequest request) {
        return StoreJson.readPartial(bytes(request, MAX_BODY), Replies.Change.class);
    }

    private static byte[] bytes(ServerRequest request, int most) {
        byte[] body;
        try {
            body = request.content().inputStream().readNBytes(most + 1);
        } catch (IOException e) {
            throw new IllegalArgumentException("the body ended early", e);
        }
        if (body.length > most) {
            throw new IllegalArgumentException("the body is larger than " + most + " bytes");
        }
        return body;
    }

    private static <T> T required(@Nullable T value, String name) {
        return Objects.requireNonNull(value, () -> "field " + name + " is missing");
    }
}
