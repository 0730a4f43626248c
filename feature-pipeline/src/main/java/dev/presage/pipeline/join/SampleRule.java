package dev.presage.pipeline.join;

import dev.presage.pipeline.proto.CandidateRow;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.EndCause;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.EventFormat;
import java.util.Optional;

/** Which outcomes teach something, and what the sample of a decision and its outcome is. Pure. */
public final class SampleRule {
    private SampleRule() {}

    /** The sample of a decision and its outcome; empty when they teach nothing. For who has both at hand, as the policy lab does. */
    public static Optional<Sample> sample(DecisionEvent decision, OutcomeEvent outcome) {
        return refusal(outcome).isEmpty() && settle(decision, outcome) instanceof JoinResult.Sampled(Sample sample)
                ? Optional.of(sample)
                : Optional.empty();
    }

    /** Why this outcome can never become a sample, whatever its decision; empty if it can. */
    static Optional<DropCause> refusal(OutcomeEvent outcome) {
        Optional<DropCause> ending = ending(outcome.getCause());
        if (ending.isPresent()) {
            return ending;
        }
        if (outcome.getHttpStatus() < 200 || outcome.getHttpStatus() > 299) {
            return Optional.of(DropCause.HTTP_STATUS);
        }
        boolean known = outcome.hasTtftMs() || outcome.getE2EMs() != 0;
        if (!known) {
            return Optional.of(DropCause.NO_LATENCY);
        }
        return latenciesAreSane(outcome) ? Optional.empty() : Optional.of(DropCause.MALFORMED);
    }

    private static Optional<DropCause> ending(EndCause cause) {
        return switch (cause) {
            case COMPLETED -> Optional.empty();
            case CLIENT_DISCONNECT -> Optional.of(DropCause.CLIENT_DISCONNECT);
            case UPSTREAM_ERROR -> Optional.of(DropCause.UPSTREAM_ERROR);
            case EVICTED -> Optional.of(DropCause.EVICTED);
            case ROUTER_SHUTDOWN -> Optional.of(DropCause.ROUTER_SHUTDOWN);
            case END_CAUSE_UNSPECIFIED, UNRECOGNIZED -> Optional.of(DropCause.CAUSE_UNKNOWN);
        };
    }

    private static boolean latenciesAreSane(OutcomeEvent outcome) {
        return isLatency(outcome.getE2EMs())
                && (!outcome.hasTtftMs() || isLatency(outcome.getTtftMs()) && outcome.getTtftMs() > 0)
                && (!outcome.hasTpotMs() || isLatency(outcome.getTpotMs()));
    }

    private static boolean isLatency(double ms) {
        return ms >= 0 && ms < Double.POSITIVE_INFINITY;
    }

    /** The sample of a completed request, or why there is none. {@code outcome} has passed {@link #refusal}. */
    static JoinResult settle(DecisionEvent decision, OutcomeEvent outcome) {
        if (decision.getPool().isEmpty()
                || decision.getChosen() < 0
                || decision.getChosen() >= decision.getCandidatesCount()) {
            return new JoinResult.Dropped(DropCause.MALFORMED);
        }
        CandidateRow chosen = decision.getCandidates(decision.getChosen());
        String served = outcome.getServedEndpoint();
        boolean asChosen = served.isEmpty() || served.equals(chosen.getEndpoint());
        Optional<CandidateRow> row = asChosen ? Optional.of(chosen) : row(decision, served);
        if (row.isEmpty()) {
            return new JoinResult.Dropped(DropCause.ENDPOINT_NOT_LOGGED);
        }
        if (!isUsable(row.get())) {
            return new JoinResult.Dropped(DropCause.MALFORMED);
        }
        return new JoinResult.Sampled(sample(decision, outcome, row.get(), asChosen));
    }

    private static Optional<CandidateRow> row(DecisionEvent decision, String endpoint) {
        return decision.getCandidatesList().stream()
                .filter(candidate -> candidate.getEndpoint().equals(endpoint))
                .findFirst();
    }

    private static boolean isUsable(CandidateRow row) {
        return row.getFeaturesCount() > 0 && row.getFeaturesList().stream().allMatch(Float::isFinite);
    }

    private static Sample sample(DecisionEvent decision, OutcomeEvent outcome, CandidateRow row, boolean asChosen) {
        Sample.Builder sample = Sample.newBuilder()
                .setSchemaVersion(EventFormat.SCHEMA_VERSION)
                .setRequestId(decision.getRequestId())
                .setPool(decision.getPool())
                .setModel(decision.getModel())
                .setEndpoint(row.getEndpoint())
                .setEndpointClass(row.getEndpointClass())
                .setDecidedAtMs(decision.getDecidedAtMs())
                .setEndedAtMs(outcome.getEndedAtMs())
                .setFeatureSchema(decision.getFeatureSchema())
                .addAllFeatures(row.getFeaturesList())
                .setStreaming(outcome.getStreaming())
                .setE2EMs(outcome.getE2EMs())
                .setBundleId(decision.getBundleId())
                .addAllTtftQuantilesMs(row.getTtftQuantilesMsList())
                .addAllTpotQuantilesMs(row.getTpotQuantilesMsList())
                .addAllOutputTokensQuantiles(decision.getOutputTokensQuantilesList())
                .setPolicy(decision.getPolicy())
                .setArm(decision.getArm())
                // The policy gave no probability for an endpoint that a gateway's retry picked.
                .setPropensity(asChosen ? decision.getPropensity() : 0)
                .setExplored(asChosen && decision.getExplored());
        addMeasured(sample, outcome);
        addShadow(sample, decision, row);
        return sample.build();
    }

    /** What the challenger said; nothing of a decision that none shadowed or whose index leads nowhere. */
    private static void addShadow(Sample.Builder sample, DecisionEvent decision, CandidateRow row) {
        int choice = decision.getShadowChosen();
        if (decision.getShadowBundleId().isEmpty() || choice < 0 || choice >= decision.getCandidatesCount()) {
            return;
        }
        CandidateRow chosen = decision.getCandidates(choice);
        sample.setShadowBundleId(decision.getShadowBundleId())
                .addAllShadowTtftQuantilesMs(row.getShadowTtftQuantilesMsList())
                .addAllShadowTpotQuantilesMs(row.getShadowTpotQuantilesMsList())
                .setShadowAgreed(chosen.getEndpoint().equals(row.getEndpoint()));
        if (chosen.getShadowTtftQuantilesMsCount() > 0) {
            sample.setShadowChoiceTtftMs(chosen.getShadowTtftQuantilesMs(0));
        }
    }

    /** Copies what was measured and leaves absent what was not. */
    private static void addMeasured(Sample.Builder sample, OutcomeEvent outcome) {
        if (outcome.hasTtftMs()) {
            sample.setTtftMs(outcome.getTtftMs());
        }
        if (outcome.hasTpotMs()) {
            sample.setTpotMs(outcome.getTpotMs());
        }
        if (outcome.hasPromptTokens()) {
            sample.setPromptTokens(outcome.getPromptTokens());
        }
        if (outcome.hasCachedTokens()) {
            sample.setCachedTokens(outcome.getCachedTokens());
        }
        if (outcome.hasOutputTokens()) {
            sample.setOutputTokens(outcome.getOutputTokens());
        }
    }
}
