package dev.presage.testbed.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EndpointState;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.fleet.QueueState;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the invariants after each decision and each end, against a count of its own, and writes down what happened. */
final class InvariantObserver implements RoutingListener {
    private final Map<String, Endpoint> open = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final List<String> history = new ArrayList<>();
    private @Nullable Fleet fleet;

    void watch(Fleet watched) {
        fleet = watched;
    }

    List<String> history() {
        return history;
    }

    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        Choice choice = decision.choice();
        String id = decision.candidates().request().id();
        assertTrue(
                choice.candidate() >= 0
                        && choice.candidate() < decision.candidates().size(),
                id + " " + choice);
        assertTrue(fleet().endpoints().contains(decision.endpoint()), id + " went to " + decision.endpoint());
        assertEquals(null, open.put(id, decision.endpoint()), id + " routed twice");
        assertTrue(!ended.contains(id), id + " routed after its end");
        history.add("%s -> %s by %s%s of %s, propensity %s, costs %s"
                .formatted(
                        id,
                        decision.endpoint().id(),
                        choice.policy(),
                        decision.fallback().label(),
                        choice.bundleId(),
                        choice.propensity(),
                        Arrays.toString(choice.costs())));
        checkAccounts();
    }

    @Override
    public void ended(Outcome outcome) {
        String id = outcome.decision().candidates().request().id();
        assertNotNull(open.remove(id), id + " ended and was not open");
        assertTrue(ended.add(id), id + " ended twice");
        history.add("%s ended, ttft %s, tpot %s, e2e %s, %s"
                .formatted(id, outcome.ttftMs(), outcome.tpotMs(), outcome.e2eMs(), outcome.usage()));
        checkAccounts();
    }

    /** After the run: all ended, all accounts at zero. */
    void checkIdle(int admitted) {
        assertEquals(Map.of(), open);
        assertEquals(admitted, ended.size());
        for (EndpointState state : fleet().snapshot().endpoints()) {
            QueueState queue = state.queue();
            String at = state.endpoint().id();
            assertEquals(0, queue.inFlight(), at);
            assertEquals(0, queue.pendingTokens(), at);
            assertEquals(0.0, queue.pendingAttention(), at);
            assertEquals(0, queue.decodingContext(), at);
        }
    }

    private void checkAccounts() {
        for (EndpointState state : fleet().snapshot().endpoints()) {
            QueueState queue = state.queue();
            long expected =
                    open.values().stream().filter(state.endpoint()::equals).count();
            String at = state.endpoint().id() + " " + queue;
            assertEquals(expected, queue.inFlight(), at);
            assertTrue(queue.pendingRequests() >= 0 && queue.decodingRequests() >= 0, at);
            assertTrue(queue.pendingTokens() >= 0 && queue.pendingAttention() >= 0, at);
            assertEquals(queue.pendingRequests() == 0, queue.pendingTokens() == 0, at);
        }
    }

    private Fleet fleet() {
        assertNotNull(fleet, "watch a fleet first");
        return fleet;
    }
}
