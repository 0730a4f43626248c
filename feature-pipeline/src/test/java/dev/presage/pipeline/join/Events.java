package dev.presage.pipeline.join;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.CandidateRow;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.EndCause;
import dev.presage.pipeline.proto.OutcomeEvent;
import java.util.Collections;

/** Events as a router writes them: three candidates, the second one chosen and serving. */
final class Events {
    static final String CHOSEN = "10.0.0.2:8000";
    static final String RUNNER_UP = "10.0.0.1:8000";

    private Events() {}

    static DecisionEvent.Builder decision(String id, long atMs) {
        return DecisionEvent.newBuilder()
                .setSchemaVersion(1)
                .setRequestId(id)
                .setPool("pool-a")
                .setDecidedAtMs(atMs)
                .setPolicy("learned")
                .setPropensity(0.9)
                .setExplored(true)
                .setFeatureSchema(FeatureSchema.HASH)
                .setChosen(1)
                .addCandidates(row(RUNNER_UP, 1))
                .addCandidates(row(CHOSEN, 2))
                .addCandidates(row("10.0.0.3:8000", 3));
    }

    static OutcomeEvent.Builder outcome(String id, long endedAtMs) {
        return OutcomeEvent.newBuilder()
                .setSchemaVersion(1)
                .setRequestId(id)
                .setPool("pool-a")
                .setEndedAtMs(endedAtMs)
                .setStreaming(true)
                .setHttpStatus(200)
                .setCause(EndCause.COMPLETED)
                .setServedEndpoint(CHOSEN)
                .setTtftMs(120)
                .setTpotMs(9)
                .setE2EMs(900)
                .setOutputTokens(80);
    }

    private static CandidateRow row(String endpoint, float value) {
        return CandidateRow.newBuilder()
                .setEndpoint(endpoint)
                .setEndpointClass("h100")
                .addAllFeatures(Collections.nCopies(FeatureSchema.SIZE, value))
                .addTtftQuantilesMs(100 * value)
                .build();
    }
}
