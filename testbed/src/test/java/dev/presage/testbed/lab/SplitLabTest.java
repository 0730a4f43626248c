package dev.presage.testbed.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.fleet.EndpointState;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts computed by some replicas and answered by others, by production's profile handler. */
class SplitLabTest {
    private static final int REQUESTS = 400;
    private static final String PROFILE = "h100-llama-2-70b-hf-tp8";
    private static final FleetSpec FLEET = FleetSpec.parse("2*" + PROFILE + "=prefill,2*" + PROFILE + "=decode");

    @ParameterizedTest
    @ValueSource(strings = {"split-lmetric", "split-learned"})
    void everyPromptIsComputedByOneRoleAndAnsweredByTheOther(String policy) {
        Roles roles = new Roles();
        LabRun run =
                new LabRun(FLEET, LabPolicy.named(policy), new LabSettings(REQUESTS, 1, 1, 5, true), List.of(roles));
        PolicyResult result = run.run(SyntheticTrace.of(5, REQUESTS));
        assertEquals(REQUESTS - 1, result.requests());
        assertEquals(REQUESTS, roles.split);
        assertTrue(result.prefixHit() > 0.9, "what was computed elsewhere is not computed again: " + result);
        for (EndpointState state : run.fleet().snapshot().endpoints()) {
            assertEquals(0, state.queue().inFlight(), state.endpoint().id());
        }
    }

    @Test
    void aRoleThatNobodyKnowsIsRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> FleetSpec.parse(PROFILE + "=encode"))
                .getMessage();
        assertTrue(message != null && message.contains("role 'encode' is neither prefill nor decode"), message);
    }

    private static final class Roles implements RoutingListener {
        private int split;

        @Override
        public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
            Decision.Routed prefill = decision.itinerary().prefill();
            assertEquals("decode", decision.endpoint().labels().get("llm-d.ai/role"));
            split += prefill != null
                            && "prefill".equals(prefill.endpoint().labels().get("llm-d.ai/role"))
                    ? 1
                    : 0;
        }

        @Override
        public void ended(Outcome outcome) {
            // Only decisions are counted.
        }
    }
}
