package dev.presage.router.kafka;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.CandidateRow;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.EndCause;
import dev.presage.pipeline.proto.HoldBefore;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Held;
import dev.presage.router.pick.Shadow;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.LatencyTargets;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes decisions and outcomes as events: for the log, and for the policy lab, which learns from the same. Immutable. */
public final class EventRecords {
    /** Candidates of a decision that are logged: the chosen one and the best others. */
    static final int MAX_CANDIDATES = 16;

    private static final double NANOS_PER_MICRO = 1e3;

    private final String routerId;
    private final String pool;

    public EventRecords(String routerId, String pool) {
        this.routerId = routerId;
        this.pool = pool;
    }

    LogRecord encode(Event event) {
        return switch (event) {
            case Event.Routed routed -> {
                DecisionEvent decision = decision(routed.decision(), routed.decidedAtMs(), routed.tookNanos());
                yield record(EventKind.DECISION, decision.getRequestId(), EventFormat.DECISIONS.encode(decision));
            }
            case Event.Ended(OutcomeEvent outcome) ->
                record(EventKind.OUTCOME, outcome.getRequestId(), EventFormat.OUTCOMES.encode(outcome));
        };
    }

    private static LogRecord record(EventKind kind, String key, byte[] value) {
        return new LogRecord(kind, key.getBytes(StandardCharsets.UTF_8), value);
    }

    /** A decision with the best of its candidates. */
    public DecisionEvent decision(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        Choice choice = decision.choice();
        CandidateMatrix candidates = decision.candidates();
        InferenceRequest request = candidates.request();
        DecisionEvent.Builder event = DecisionEvent.newBuilder()
                .setSchemaVersion(EventFormat.SCHEMA_VERSION)
                .setRequestId(decision.eventId())
                .setClientRequestId(request.clientRequestId())
                .setRouterId(routerId)
                .setPool(pool)
                .setModel(request.model())
                .setDecidedAtMs(decidedAtMs)
                .setPolicy(choice.policy())
                .setArm(decision.arm())
                .setFallback(decision.fallback().label())
                .setBundleId(choice.bundleId())
                .setFeatureSchema(FeatureSchema.HASH)
                .setChosen(0)
                .setPropensity(choice.propensity())
                .setExplored(choice.explored())
                .setSessionStay(decision.stay())
                .setStream(request.stream())
                .setCandidateCount(candidates.size())
                .setDecisionUs(tookNanos / NANOS_PER_MICRO);
        targets(event, candidates.aim().targets(), choice);
        if (!decision.held().waitedFor().isEmpty()) {
            event.setHold(hold(decision.held()));
        }
        Predictions predictions = choice.predictions();
        if (predictions != null) {
            predictions.outputLength().tokens().forEach(tokens -> event.addOutputTokensQuantiles(tokens.floatValue()));
        }
        int[] rows = RunnersUp.of(choice.candidate(), choice.costs(), MAX_CANDIDATES);
        Shadow shadow = decision.shadow();
        if (shadow == null) {
            for (int candidate : rows) {
                event.addCandidates(row(candidates, choice, candidate));
            }
        } else {
            shadowed(event, decision, rows, shadow);
        }
        return event.build();
    }

    private static void targets(DecisionEvent.Builder event, LatencyTargets targets, Choice choice) {
        if (targets.ttftMs() < Double.POSITIVE_INFINITY) {
            event.setTtftTargetMs(targets.ttftMs());
        }
        if (targets.tpotMs() < Double.POSITIVE_INFINITY) {
            event.setTpotTargetMs(targets.tpotMs());
        }
        event.setTargetStanding(choice.standing().label());
    }

    private static HoldBefore hold(Held held) {
        return HoldBefore.newBuilder()
                .setWaitedFor(held.waitedFor())
                .setEnd(held.end())
                .setMs(held.ms())
                .build();
    }

    /** The challenger's choice gets a row too, one more than the others if it must be. */
    private static void shadowed(DecisionEvent.Builder event, Decision.Routed decision, int[] logged, Shadow shadow) {
        Shadow.Opinion opinion = shadow.opinion();
        int[] rows = logged;
        int at = indexOf(rows, opinion.candidate());
        if (at < 0) {
            at = rows.length;
            rows = Arrays.copyOf(rows, at + 1);
            rows[at] = opinion.candidate();
        }
        event.setShadowBundleId(shadow.bundleId()).setShadowChosen(at);
        for (int candidate : rows) {
            CandidateRow.Builder row = row(decision.candidates(), decision.choice(), candidate).toBuilder();
            for (float quantile : opinion.predictions().quantilesMs(Target.TTFT, candidate)) {
                row.addShadowTtftQuantilesMs(quantile);
            }
            for (float quantile : opinion.predictions().quantilesMs(Target.TPOT, candidate)) {
                row.addShadowTpotQuantilesMs(quantile);
            }
            event.addCandidates(row);
        }
    }

    private static int indexOf(int[] rows, int candidate) {
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] == candidate) {
                return i;
            }
        }
        return -1;
    }

    private static CandidateRow row(CandidateMatrix candidates, Choice choice, int candidate) {
        Endpoint endpoint = candidates.state(candidate).endpoint();
        CandidateRow.Builder row = CandidateRow.newBuilder()
                .setEndpoint(endpoint.address())
                .setEndpointClass(endpoint.endpointClass())
                .setCost(choice.costs()[candidate]);
        for (float feature : candidates.row(candidate)) {
            row.addFeatures(feature);
        }
        if (candidates.runningTpotMs(candidate) < Double.POSITIVE_INFINITY) {
            row.setRunningTpotTargetMs(candidates.runningTpotMs(candidate));
        }
        if (candidates.correction(candidate) != 1) {
            row.setSlowness(candidates.correction(candidate));
        }
        if (candidates.displacement(candidate) != 0) {
            row.setDisplacement(candidates.displacement(candidate));
        }
        Predictions predictions = choice.predictions();
        if (predictions != null) {
            for (float quantile : predictions.quantilesMs(Target.TTFT, candidate)) {
                row.addTtftQuantilesMs(quantile);
            }
            for (float quantile : predictions.quantilesMs(Target.TPOT, candidate)) {
                row.addTpotQuantilesMs(quantile);
            }
        }
        return row.build();
    }

    /** How the request of a decision ended. */
    public OutcomeEvent outcome(Outcome outcome) {
        OutcomeEvent.Builder event = OutcomeEvent.newBuilder()
                .setSchemaVersion(EventFormat.SCHEMA_VERSION)
                .setRequestId(outcome.decision().eventId())
                .setRouterId(routerId)
                .setPool(pool)
                .setDispatchedAtMs(outcome.dispatchedAtMs())
                .setEndedAtMs(outcome.endedAtMs())
                .setStreaming(outcome.streaming())
                .setHttpStatus(outcome.httpStatus())
                .setCause(cause(outcome.cause()))
                .setServedEndpoint(outcome.servedBy())
                .setE2EMs(outcome.e2eMs());
        Double ttft = outcome.ttftMs();
        // Of a request that went elsewhere it holds what the first endpoint lost; the time per token is the second
        // one's.
        if (ttft != null && outcome.asChosen()) {
            event.setTtftMs(ttft);
        }
        Double tpot = outcome.tpotMs();
        if (tpot != null) {
            event.setTpotMs(tpot);
        }
        usage(event, outcome.usage());
        return event.build();
    }

    private static void usage(OutcomeEvent.Builder event, Usage usage) {
        if (usage.promptTokens() >= 0) {
            event.setPromptTokens(usage.promptTokens());
        }
        if (usage.cachedTokens() >= 0) {
            event.setCachedTokens(usage.cachedTokens());
        }
        if (usage.outputTokens() >= 0) {
            event.setOutputTokens(usage.outputTokens());
        }
    }

    private static EndCause cause(dev.presage.router.observe.EndCause cause) {
        return switch (cause) {
            case COMPLETED -> EndCause.COMPLETED;
            case CLIENT_DISCONNECT -> EndCause.CLIENT_DISCONNECT;
            case UPSTREAM_ERROR -> EndCause.UPSTREAM_ERROR;
            case EVICTED -> EndCause.EVICTED;
            case ROUTER_SHUTDOWN -> EndCause.ROUTER_SHUTDOWN;
        };
    }
}
