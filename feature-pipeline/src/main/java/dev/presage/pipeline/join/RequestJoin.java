package dev.presage.pipeline.join;

import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.JoinEntry;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.proto.Settled;
import java.time.Duration;
import java.util.Optional;

/**
 * The state machine of one request. Legal transitions:
 *
 * <pre>
 *   (nothing)          decision -> awaiting outcome      outcome -> awaiting decision | settled
 *   awaiting outcome   decision =  (duplicate)           outcome -> settled
 *   awaiting decision  decision -> settled               outcome =  (duplicate)
 *   settled            decision =  (duplicate)           outcome =  (duplicate)
 *   any                retention over -> (nothing)
 * </pre>
 *
 * Only the step into settled can give a sample, and a settled request stays so for the retention after the later of its
 * arrival and its end. A copy that comes when it is forgotten therefore ended before stream time minus retention, and is
 * refused as late: one sample per request, however long a producer waits before it repeats itself. Pure.
 */
final class RequestJoin {
    /** The entry to store (the present one when nothing changes; none when there is none) and what to tell. */
    record Step(Optional<JoinEntry> next, JoinResult result) {}

    private static final JoinResult QUIET = new JoinResult.Quiet();

    private final long retentionMs;

    RequestJoin(Duration retention) {
        this.retentionMs = retention.toMillis();
    }

    /** A decision arrives at stream time {@code nowMs}; {@code entry} is what is remembered of its request. */
    Step onDecision(Optional<JoinEntry> entry, DecisionEvent decision, long nowMs) {
        if (entry.isEmpty()) {
            JoinEntry waiting = JoinEntry.newBuilder()
                    .setSinceMs(nowMs)
                    .setAwaitingOutcome(decision)
                    .build();
            return new Step(Optional.of(waiting), QUIET);
        }
        JoinEntry present = entry.get();
        return switch (present.getStateCase()) {
            case AWAITING_DECISION -> settle(decision, present.getAwaitingDecision(), nowMs);
            case SETTLED ->
                present.getSettled().getDecisionDue()
                        ? new Step(Optional.of(settled(present.getSinceMs(), false)), QUIET)
                        : unchanged(entry, DropCause.DUPLICATE);
            case AWAITING_OUTCOME, STATE_NOT_SET -> unchanged(entry, DropCause.DUPLICATE);
        };
    }

    /** An outcome arrives at stream time {@code nowMs}; {@code entry} is what is remembered of its request. */
    Step onOutcome(Optional<JoinEntry> entry, OutcomeEvent outcome, long nowMs) {
        if (entry.isPresent() && !entry.get().hasAwaitingOutcome()) {
            return unchanged(entry, DropCause.DUPLICATE);
        }
        if (outcome.getEndedAtMs() <= nowMs - retentionMs) {
            return unchanged(entry, DropCause.LATE);
        }
        if (outcome.getEndedAtMs() > nowMs + retentionMs) {
            // A clock that far off would keep the request in memory until the others catch up with it.
            return unchanged(entry, DropCause.MALFORMED);
        }
        Optional<DropCause> refusal = SampleRule.refusal(outcome);
        if (refusal.isPresent()) {
            JoinEntry next = settled(Math.max(nowMs, outcome.getEndedAtMs()), entry.isEmpty());
            return new Step(Optional.of(next), new JoinResult.Dropped(refusal.get()));
        }
        if (entry.isPresent()) {
            return settle(entry.get().getAwaitingOutcome(), outcome, nowMs);
        }
        JoinEntry waiting = JoinEntry.newBuilder()
                .setSinceMs(nowMs)
                .setAwaitingDecision(outcome)
                .build();
        return new Step(Optional.of(waiting), QUIET);
    }

    /** What to count when a request is forgotten. */
    static Optional<DropCause> onExpiry(JoinEntry entry) {
        return switch (entry.getStateCase()) {
            case AWAITING_OUTCOME -> Optional.of(DropCause.UNMATCHED_DECISION);
            case AWAITING_DECISION -> Optional.of(DropCause.UNMATCHED_OUTCOME);
            case SETTLED, STATE_NOT_SET -> Optional.empty();
        };
    }

    private static Step settle(DecisionEvent decision, OutcomeEvent outcome, long nowMs) {
        JoinEntry next = settled(Math.max(nowMs, outcome.getEndedAtMs()), false);
        return new Step(Optional.of(next), SampleRule.settle(decision, outcome));
    }

    private static JoinEntry settled(long sinceMs, boolean decisionDue) {
        return JoinEntry.newBuilder()
                .setSinceMs(sinceMs)
                .setSettled(Settled.newBuilder().setDecisionDue(decisionDue))
                .build();
    }

    private static Step unchanged(Optional<JoinEntry> entry, DropCause cause) {
        return new Step(entry, new JoinResult.Dropped(cause));
    }
}
