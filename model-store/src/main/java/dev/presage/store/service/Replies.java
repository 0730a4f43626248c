package dev.presage.store.service;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.registry.AuditEntry;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.Gate;
import dev.presage.store.registry.PoolState;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON bodies of the store's HTTP interface. */
final class Replies {
    private Replies() {}

    record Pools(List<String> pools) {}

    record Published(BundleId bundle, boolean created) {}

    record Problem(String error, String message) {}

    /** A move that was only tried: what would come of it, and the policy's gates. */
    record Planned(Changed outcome, List<Gate> gates) {}

    record Audit(List<AuditEntry> entries) {}

    /** A change asked for; which of the first fields it needs depends on where it is sent. */
    record Change(
            @Nullable BundleId bundle,
            @Nullable Boolean frozen,
            @Nullable String to,
            @Nullable List<String> tags,
            @Nullable String note,
            @Nullable BigDecimal expectedRevision,
            @Nullable String actor,
            @Nullable String reason,
            @Nullable Map<String, String> evidence,
            @Nullable Boolean force) {
        /** The fields of every change. */
        static Change of(String actor, String reason, @Nullable Long expectedRevision, Map<String, String> evidence) {
            BigDecimal revision = expectedRevision == null ? null : BigDecimal.valueOf(expectedRevision);
            return new Change(null, null, null, null, null, revision, actor, reason, evidence, null);
        }

        Change about(BundleId other, boolean forced) {
            return new Change(other, frozen, to, tags, note, expectedRevision, actor, reason, evidence, forced);
        }

        Change freezing(boolean on) {
            return new Change(bundle, on, to, tags, note, expectedRevision, actor, reason, evidence, force);
        }

        Change withdrawnTo(String state) {
            return new Change(bundle, frozen, state, tags, note, expectedRevision, actor, reason, evidence, force);
        }

        Change saying(List<String> allTags, String text) {
            return new Change(bundle, frozen, to, allTags, text, expectedRevision, actor, reason, evidence, force);
        }
    }

    /** A change answered: {@code outcome} is changed, unchanged, conflict or refused; of the versions only those with an alias. */
    record Changed(String outcome, String message, PoolState state) {
        static Changed of(ChangeOutcome outcome) {
            PoolState brief = outcome.state().newest(0);
            return switch (outcome) {
                case ChangeOutcome.Changed _ -> new Changed("changed", "", brief);
                case ChangeOutcome.Unchanged _ -> new Changed("unchanged", "", brief);
                case ChangeOutcome.Conflict conflict -> new Changed("conflict", conflict.message(), brief);
                case ChangeOutcome.Refused(PoolState _, String problem) -> new Changed("refused", problem, brief);
            };
        }

        int status() {
            return switch (outcome) {
                case "conflict" -> 409;
                case "refused" -> 422;
                default -> 200;
            };
        }

        ChangeOutcome toOutcome(long expectedRevision) {
            return switch (outcome) {
                case "changed" -> new ChangeOutcome.Changed(state);
                case "unchanged" -> new ChangeOutcome.Unchanged(state);
                case "conflict" -> new ChangeOutcome.Conflict(state, expectedRevision);
                case "refused" -> new ChangeOutcome.Refused(state, message);
                default -> throw new IllegalArgumentException("unknown outcome '" + outcome + "'");
            };
        }
    }
}
