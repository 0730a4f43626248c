package dev.presage.router.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Exploration;
import dev.presage.router.pick.Fallback;
import dev.presage.router.pick.LearnedPolicy;
import dev.presage.router.pick.Objective;
import dev.presage.store.predict.Target;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EndpointResidualsTest {
    private static final long SECOND = 1_000_000_000L;

    private final ServingModel model = TestModels.work();
    private final CandidateMatrix matrix = new TestFleet("fast").matrix(TestFleet.request(1_000));
    private final Decision.Routed decision = new Decision.Routed(
            matrix,
            new LearnedPolicy(model, Objective.OWN_LATENCY, Exploration.NONE).choose(matrix, new Random(1)),
            Fallback.NONE,
            "");
    private final Endpoint endpoint = decision.endpoint();
    private final double predicted = model.predict(matrix).locationMs(Target.TTFT, 0);
    private final EndpointResiduals residuals = new EndpointResiduals();

    private void firstTokens(int count, double times, long atNanos) {
        for (int i = 0; i < count; i++) {
            residuals.firstToken(decision, endpoint.address(), times * predicted, atNanos);
        }
    }

    @Test
    void anEndpointAsPredictedIsNotCorrected() {
        residuals.serves(model);
        firstTokens(5, 1.1, SECOND);
        assertEquals(1, residuals.factor(endpoint, SECOND));
    }

    @Test
    void aThrottledEndpointIsCorrectedAfterThreeFirstTokensAndNotAfterOne() {
        residuals.serves(model);
        firstTokens(5, 1, SECOND);
        firstTokens(2, 3, 2 * SECOND);
        assertEquals(1, residuals.factor(endpoint, 2 * SECOND), "two of five may be a burst");
        firstTokens(1, 3, 2 * SECOND);
        double factor = residuals.factor(endpoint, 2 * SECOND);
        assertTrue(factor > 2 && factor < 3, "factor " + factor);
    }

    @Test
    void whatWasLongAgoFades() {
        residuals.serves(model);
        firstTokens(5, 3, SECOND);
        double fresh = residuals.factor(endpoint, SECOND);
        double faded = residuals.factor(endpoint, 121 * SECOND);
        assertTrue(faded < fresh && faded > 1, fresh + " then " + faded);
        assertTrue(residuals.factor(endpoint, 3_000 * SECOND) < 1.01);
    }

    @Test
    void theNextModelIsJudgedByWhatWasSeen() {
        residuals.serves(null);
        firstTokens(5, 3, SECOND);
        assertEquals(1, residuals.factor(endpoint, SECOND), "nothing to be off from");
        residuals.serves(model);
        assertTrue(residuals.factor(endpoint, SECOND) > 2);
    }

    @Test
    void aReplyFromElsewhereSaysNothingOfTheEndpoint() {
        residuals.serves(model);
        for (int i = 0; i < 5; i++) {
            residuals.firstToken(decision, "10.9.9.9:8000", 3 * predicted, SECOND);
        }
        assertEquals(1, residuals.factor(endpoint, SECOND));
    }

    @Test
    void theCorrectionReachesThePredictionAndIsNotCorrectedTwice() {
        TestFleet fleet = new TestFleet("fast");
        residuals.serves(model);
        for (int i = 0; i < 20; i++) {
            CandidateMatrix corrected = fleet.matrix(TestFleet.request(1_000), residuals);
            Decision.Routed routed = new Decision.Routed(
                    corrected,
                    new LearnedPolicy(model, Objective.OWN_LATENCY, Exploration.NONE).choose(corrected, new Random(1)),
                    Fallback.NONE,
                    "");
            residuals.firstToken(routed, endpoint.address(), 3 * predicted, TestFleet.NOW);
        }
        double served =
                model.predict(fleet.matrix(TestFleet.request(1_000), residuals)).locationMs(Target.TTFT, 0);
        assertTrue(served / predicted > 2 && served / predicted < 3, "factor " + served / predicted);
    }
}
