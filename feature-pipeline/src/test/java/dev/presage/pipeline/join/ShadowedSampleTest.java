package dev.presage.pipeline.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.proto.CandidateRow;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.EndCause;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.proto.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a challenger said of a decision goes into its sample. */
class ShadowedSampleTest {
    @Test
    void theRowThatServedAndTheChallengersChoice() {
        Sample sample = sample(decision("challenger", 1));
        assertEquals("challenger", sample.getShadowBundleId());
        assertEquals(List.of(11f, 22f), sample.getShadowTtftQuantilesMsList());
        assertEquals(List.of(5f, 6f), sample.getShadowTpotQuantilesMsList());
        assertFalse(sample.getShadowAgreed());
        assertEquals(7, sample.getShadowChoiceTtftMs());
        Sample agreed = sample(decision("challenger", 0));
        assertTrue(agreed.getShadowAgreed());
        assertEquals(11, agreed.getShadowChoiceTtftMs());
    }

    @Test
    void nothingWithoutAChallengerOrWithAnIndexThatLeadsNowhere() {
        for (DecisionEvent decision : List.of(decision("", 0), decision("challenger", 9))) {
            Sample sample = sample(decision);
            assertEquals("", sample.getShadowBundleId());
            assertEquals(0, sample.getShadowTtftQuantilesMsCount());
        }
    }

    private static Sample sample(DecisionEvent decision) {
        OutcomeEvent outcome = OutcomeEvent.newBuilder()
                .setRequestId("r")
                .setPool("p")
                .setHttpStatus(200)
                .setCause(EndCause.COMPLETED)
                .setTtftMs(12)
                .setE2EMs(30)
                .build();
        return assertInstanceOf(JoinResult.Sampled.class, SampleRule.settle(decision, outcome))
                .sample();
    }

    private static DecisionEvent decision(String challenger, int choice) {
        return DecisionEvent.newBuilder()
                .setRequestId("r")
                .setPool("p")
                .setChosen(0)
                .setShadowBundleId(challenger)
                .setShadowChosen(choice)
                .addCandidates(row("10.0.0.1:8000", 11))
                .addCandidates(row("10.0.0.2:8000", 7))
                .build();
    }

    private static CandidateRow row(String endpoint, float ttftMs) {
        return CandidateRow.newBuilder()
                .setEndpoint(endpoint)
                .addFeatures(1)
                .addShadowTtftQuantilesMs(ttftMs)
                .addShadowTtftQuantilesMs(2 * ttftMs)
                .addShadowTpotQuantilesMs(5)
                .addShadowTpotQuantilesMs(6)
                .build();
    }
}
