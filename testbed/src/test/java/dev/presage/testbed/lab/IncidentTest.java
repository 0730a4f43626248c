package dev.presage.testbed.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.trace.TraceRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IncidentTest {
    private static final int REQUESTS = 400;

    @Test
    void incidentsAreReadFromTheirText() {
        assertEquals(new Incident.Slow(2, 3, 600_000), Incident.parse("slow:2:3@600"));
        assertEquals(new Incident.Restart(0, 60_000, 1_500), Incident.parse("restart:0:60@1.5"));
        assertEquals(new Incident.Leave(1, 0), Incident.parse("leave:1@0"));
        assertEquals(new Incident.Join(7, 10_000), Incident.parse("join:7@10"));
    }

    @ParameterizedTest
    @CsvSource({
        "slow:2:3,          is not KIND:REPLICA",
        "slow:x:3@5,        replica 'x' is no number",
        "slow:2@5,          factor '' is no number",
        "slow:2:1000@5,     outside 0.1..100.0",
        "leave:2000@5,      replica 2000 outside",
        "explode:2@5,       unknown kind 'explode'",
    })
    void badOnesAreRefusedByName(String text, String complaint) {
        String message = assertThrows(IllegalArgumentException.class, () -> Incident.parse(text))
                .getMessage();
        assertTrue(message != null && message.contains(complaint), message);
    }

    private static PolicyResult run(String policy, int routers, String... incidents) {
        EngineProfile fast = EngineProfile.named("h100-llama-2-70b-hf-tp8").withKvCapacityTokens(40_000);
        EngineProfile slow = EngineProfile.named("a100-llama-2-70b-hf-tp4").withKvCapacityTokens(30_000);
        List<Incident> parsed = new ArrayList<>();
        for (String incident : incidents) {
            parsed.add(Incident.parse(incident));
        }
        List<TraceRequest> trace = SyntheticTrace.of(31, REQUESTS);
        return new LabRun(
                        new FleetSpec(List.of(fast, slow, fast)),
                        LabPolicy.named(policy),
                        new LabSettings(REQUESTS, 1, 1, 31, true, routers, parsed))
                .run(trace);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lmetric", "learned", "clairvoyant"})
    void everyRequestEndsWhateverHappensToReplicas(String policy) {
        PolicyResult result =
                run(policy, 2, "slow:1:3@5", "restart:0:5@10", "leave:2@20", "join:2@30", "restart:1:3@31");
        assertEquals(REQUESTS - 1, result.requests());
    }

    @Test
    void aSlowedReplicaCostsLatency() {
        assertTrue(run("lmetric", 1, "slow:0:3@0", "slow:2:3@0").ttftMs().mean()
                > 1.5 * run("lmetric", 1).ttftMs().mean());
    }

    @Test
    void aReplicaThatLeftGetsNothingMore() {
        Map<String, Integer> byReplica = new HashMap<>();
        EngineProfile profile = EngineProfile.named("h100-llama-2-70b-hf-tp8");
        new LabRun(
                        new FleetSpec(List.of(profile, profile)),
                        LabPolicy.named("round-robin"),
                        new LabSettings(100, 1, 1, 1, true, 1, List.of(Incident.parse("leave:1@0"))),
                        List.of(new Counting(byReplica)))
                .run(SyntheticTrace.of(3, 100));
        assertEquals(Map.of("lab/replica-0-rank-0", 100), byReplica);
    }

    private record Counting(Map<String, Integer> byReplica) implements RoutingListener {
        @Override
        public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
            byReplica.merge(decision.endpoint().id(), 1, Integer::sum);
        }

        @Override
        public void ended(Outcome outcome) {
            // Only choices are counted.
        }
    }
}
