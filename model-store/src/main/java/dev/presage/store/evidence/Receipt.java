package dev.presage.store.evidence;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.CandidateRow;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.HoldBefore;
import dev.presage.pipeline.proto.OutcomeEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was known, predicted and chosen for one request, and what came of it, as the event log tells. Latencies in milliseconds.
 *
 * @param targets how the choice stands to the request's latency targets; empty without any
 * @param session whether it went where its session or program was, and if not, why; empty without one
 * @param hold that it was held back before; null when it was not
 * @param candidates the chosen one and the best runner-ups
 * @param candidatesInAll how many there were
 * @param outcome null when it is not known yet
 */
public record Receipt(
        String requestId,
        String clientRequestId,
        String pool,
        String model,
        String router,
        long decidedAtMs,
        String policy,
        String fallback,
        String bundle,
        double propensity,
        boolean explored,
        String targets,
        String session,
        @Nullable Hold hold,
        long candidatesInAll,
        List<Candidate> candidates,
        @Nullable Result outcome) {
    private static final int DRIVERS = 3;

    public Receipt {
        candidates = List.copyOf(candidates);
    }

    /**
     * One endpoint that could have been chosen.
     *
     * @param cost the policy's own figure; lower is better
     * @param drivenByMs what drove the predicted TTFT, see {@link Drivers}; empty when the model is not at hand
     * @param features by name; empty when they are of another schema
     */
    public record Candidate(
            String endpoint,
            String endpointClass,
            boolean chosen,
            double cost,
            List<Float> ttftQuantilesMs,
            List<Float> tpotQuantilesMs,
            Map<String, Double> drivenByMs,
            Map<String, Float> features) {}

    /**
     * For how long the request was held back though there was room, and why.
     *
     * @param waitedFor the endpoint whose cache it waited for, or {@code kv-cache}: room for its program's context
     * @param end how it ended: {@code freed}, {@code no-gain} or {@code over}
     */
    public record Hold(String waitedFor, String end, double ms) {}

    /** The outcome; a latency that cannot be known is null. */
    public record Result(
            String cause,
            int httpStatus,
            String servedBy,
            @Nullable Double ttftMs,
            @Nullable Double tpotMs,
            double e2eMs) {}

    /** {@code drivers} of the bundle that decided; empty when none did, or when it is gone. */
    public static Receipt of(DecisionEvent decision, Optional<OutcomeEvent> outcome, Optional<Drivers> drivers) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < decision.getCandidatesCount(); i++) {
            CandidateRow row = decision.getCandidates(i);
            boolean readable = FeatureSchema.columns(decision.getFeatureSchema()) == row.getFeaturesCount();
            candidates.add(new Candidate(
                    row.getEndpoint(),
                    row.getEndpointClass(),
                    i == decision.getChosen(),
                    row.getCost(),
                    List.copyOf(row.getTtftQuantilesMsList()),
                    List.copyOf(row.getTpotQuantilesMsList()),
                    readable && drivers.isPresent()
                            ? drivers.get().of(row.getFeaturesList(), row.getEndpointClass(), DRIVERS)
                            : Map.of(),
                    readable ? features(row) : Map.of()));
        }
        return new Receipt(
                decision.getRequestId(),
                decision.getClientRequestId(),
                decision.getPool(),
                decision.getModel(),
                decision.getRouterId(),
                decision.getDecidedAtMs(),
                decision.getPolicy(),
                decision.getFallback(),
                decision.getBundleId(),
                decision.getPropensity(),
                decision.getExplored(),
                decision.getTargetStanding(),
                decision.getSessionStay(),
                decision.hasHold() ? hold(decision.getHold()) : null,
                decision.getCandidateCount(),
                candidates,
                outcome.map(Receipt::result).orElse(null));
    }

    private static Map<String, Float> features(CandidateRow row) {
        Map<String, Float> features = new LinkedHashMap<>();
        for (int column = 0; column < row.getFeaturesCount(); column++) {
            features.put(FeatureSchema.keys().get(column), row.getFeatures(column));
        }
        return features;
    }

    private static Hold hold(HoldBefore hold) {
        return new Hold(hold.getWaitedFor(), hold.getEnd(), hold.getMs());
    }

    private static Result result(OutcomeEvent outcome) {
        return new Result(
                outcome.getCause().name().toLowerCase(Locale.ROOT),
                outcome.getHttpStatus(),
                outcome.getServedEndpoint(),
                outcome.hasTtftMs() ? outcome.getTtftMs() : null,
                outcome.hasTpotMs() ? outcome.getTpotMs() : null,
                outcome.getE2EMs());
    }
}
