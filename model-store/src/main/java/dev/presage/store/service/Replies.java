package dev.presage.store.service;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.registry.MoveOutcome;
import dev.presage.store.registry.PoolState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON bodies of the store's HTTP interface. */
final class Replies {
    private Replies() {}

    record Pools(List<String> pools) {}

    record Published(BundleId bundle, boolean created) {}

    record Problem(String error, String message) {}

    /** A move asked for; also a rollback, without a bundle. */
    record Move(
            @Nullable BundleId bundle,
            @Nullable Long expectedRevision,
            @Nullable String actor,
            @Nullable String reason,
            @Nullable Map<String, String> evidence) {}

    /** A move answered: {@code outcome} is moved, unchanged, conflict or refused. */
    record Moved(String outcome, String message, PoolState state) {
        static Moved of(MoveOutcome outcome) {
            return switch (outcome) {
                case MoveOutcome.Moved(PoolState state) -> new Moved("moved", "", state);
                case MoveOutcome.Unchanged(PoolState state) -> new Moved("unchanged", "", state);
                case MoveOutcome.Conflict conflict -> new Moved("conflict", conflict.message(), conflict.state());
                case MoveOutcome.Refused(PoolState state, String problem) -> new Moved("refused", problem, state);
            };
        }

        int status() {
            return switch (outcome) {
                case "conflict" -> 409;
                case "refused" -> 422;
                default -> 200;
            };
        }

        MoveOutcome toOutcome(long expectedRevision) {
            return switch (outcome) {
                case "moved" -> new MoveOutcome.Moved(state);
                case "unchanged" -> new MoveOutcome.Unchanged(state);
                case "conflict" -> new MoveOutcome.Conflict(state, expectedRevision);
                case "refused" -> new MoveOutcome.Refused(state, message);
                default -> throw new IllegalArgumentException("unknown outcome '" + outcome + "'");
            };
        }
    }
}
