package dev.presage.router.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.EndCause;
import dev.presage.pipeline.proto.HoldBefore;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Held;
import dev.presage.router.predict.TestModels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventRecordsTest {
    private final EventRecords records = new EventRecords("router-1", "pool-1");
    private final List<DecisionEvent> decisions = new ArrayList<>();
    private final List<OutcomeEvent> outcomes = new ArrayList<>();
    private final RoutingListener listener = new RoutingListener() {
        @Override
        public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
            decisions.add(records.decision(decision, decidedAtMs, tookNanos));
        }

        @Override
        public void ended(Outcome outcome) {
            outcomes.add(records.outcome(outcome));
        }
    };

    @Test
    void aDecisionCarriesTheRowsItWasMadeOn() {
        new Routed(20, listener).request("r1");
        DecisionEvent event = decisions.getFirst();
        assertEquals("r1", event.getRequestId());
        assertEquals("router-1/pool-1/m", event.getRouterId() + "/" + event.getPool() + "/" + event.getModel());
        assertEquals("fleet-lmetric/no-model", event.getPolicy() + "/" + event.getFallback());
        assertEquals(FeatureSchema.HASH, event.getFeatureSchema());
        assertEquals(20, event.getCandidateCount());
        assertEquals(16, event.getCandidatesCount());
        assertEquals(0, event.getChosen());
        assertEquals(1.0 / 20, event.getPropensity(), 1e-12);
        assertTrue(event.getCandidatesList().stream()
                .allMatch(row -> row.getFeaturesCount() == FeatureSchema.SIZE && row.getTtftQuantilesMsCount() == 0));
        assertEquals(
                16,
                event.getCandidatesList().stream()
                        .map(row -> row.getEndpoint())
                        .distinct()
                        .count());
    }

    @Test
    void aDecisionAfterAHoldSaysForWhat() {
        new Routed(2, listener).held("r1", new Held("10.0.0.1:8000", "freed", 1_234.5));
        new Routed(2, listener).request("r2");
        assertEquals(
                HoldBefore.newBuilder()
                        .setWaitedFor("10.0.0.1:8000")
                        .setEnd("freed")
                        .setMs(1_234.5)
                        .build(),
                decisions.getFirst().getHold());
        assertFalse(decisions.getLast().hasHold());
    }

    @Test
    void aRowSaysWhatItsCostWasMadeWithUnlessItIsNothing() {
        new Routed(2, listener).displacing("r1", 0, 0.5);
        DecisionEvent event = decisions.getFirst();
        event.getCandidatesList().forEach(row -> {
            assertFalse(row.hasSlowness());
            assertEquals(row.getEndpoint().equals("10.0.0.2:8000"), row.hasDisplacement());
            assertEquals(row.hasDisplacement() ? 0.5 : 0, row.getDisplacement());
        });
        assertEquals(2, event.getCandidatesCount());
    }

    @Test
    void anOutcomeLeavesOutWhatIsNotKnown() {
        new Routed(1, listener).request("r1");
        OutcomeEvent event = outcomes.getFirst();
        assertEquals("r1", event.getRequestId());
        assertEquals(EndCause.COMPLETED, event.getCause());
        assertEquals("10.0.0.1:8000", event.getServedEndpoint());
        assertEquals(1.0, event.getTtftMs());
        assertEquals(3, event.getOutputTokens());
        assertTrue(!event.hasPromptTokens() && !event.hasCachedTokens());
        assertEquals(decisions.getFirst().getCandidates(0).getEndpoint(), event.getServedEndpoint());
    }

    @Test
    void aFirstTokenFromAnotherEndpointThanTheChosenOneTeachesNothing() {
        new Routed(1, listener).request("r1", "10.0.0.2:8000");
        OutcomeEvent event = outcomes.getFirst();
        assertEquals("10.0.0.2:8000", event.getServedEndpoint());
        assertTrue(!event.hasTtftMs() && event.hasTpotMs());
    }

    @Test
    void aShadowedDecisionCarriesWhatTheChallengerSaidOfEachRow() {
        Routed routed = new Routed(20, listener);
        routed.challenge(TestModels.work());
        routed.request("r1");
        DecisionEvent event = decisions.getFirst();
        assertEquals("fleet-lmetric", event.getPolicy());
        assertEquals("test-work", event.getShadowBundleId());
        // All are alike to the challenger, so it takes the first endpoint, which has a row of its own if it must.
        assertEquals(
                "10.0.0.1:8000", event.getCandidates(event.getShadowChosen()).getEndpoint());
        assertTrue(event.getCandidatesCount() <= 17, event.getCandidatesCount() + " rows");
        // A tenth of a thousand tokens at 10 ms a thousand, and 1 ms.
        event.getCandidatesList().forEach(row -> {
            assertEquals(2, row.getShadowTtftQuantilesMs(0), 0.01);
            assertEquals(2, row.getShadowTpotQuantilesMsCount());
            assertEquals(0, row.getTtftQuantilesMsCount());
        });
    }
}
