package dev.presage.router.discovery.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.pool.PoolRules;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RulesDiscoveryTest {
    private static final ApiKind OBJECTIVE = ApiKind.OBJECTIVES.getFirst();
    private static final ApiKind OLD_OBJECTIVE = ApiKind.OBJECTIVES.getLast();
    private static final ApiKind REWRITE = ApiKind.REWRITES.getFirst();
    private static final ApiKind OLD_REWRITE = ApiKind.REWRITES.getLast();
    private static final String OURS = "poolRef: {group: inference.networking.k8s.io, name: chat}";

    private final ApiServer server = new ApiServer();

    @BeforeEach
    void pool() {
        server.serve(ApiKind.POOL).pool("{app: llm}", 8000).pod("a", "10.0.0.1");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void objectivesOfThePoolHaveTheirPriorities() {
        server.serve(OBJECTIVE);
        objective(OBJECTIVE, "gold", "{priority: 7, " + OURS + "}");
        objective(OBJECTIVE, "bulk", "{priority: -3, poolRef: {name: chat}}");
        objective(OBJECTIVE, "plain", "{" + OURS + "}");
        objective(OBJECTIVE, "foreign", "{priority: 9, poolRef: {name: other}}");
        objective(OBJECTIVE, "other-group", "{priority: 9, poolRef: {group: example.com, name: chat}}");
        try (Following router = Following.of(server)) {
            expectPriorities(router, Map.of("gold", 7, "bulk", -3, "plain", 0));
            objective(OBJECTIVE, "gold", "{priority: 8, " + OURS + "}");
            expectPriorities(router, Map.of("gold", 8, "bulk", -3, "plain", 0));
            server.delete(OBJECTIVE, "bulk");
            expectPriorities(router, Map.of("gold", 8, "plain", 0));
        }
    }

    @Test
    void kindsThatAreInstalledLaterArePickedUpAndTheNewerGroupDecides() {
        server.serve(OLD_OBJECTIVE);
        objective(OLD_OBJECTIVE, "gold", "{priority: 1, " + OURS + "}");
        try (Following router = Following.of(server)) {
            expectPriorities(router, Map.of("gold", 1));
            objective(OBJECTIVE, "platinum", "{priority: 2, " + OURS + "}");
            server.serve(OBJECTIVE, REWRITE);
            expectPriorities(router, Map.of("platinum", 2));
            rewrite(REWRITE, "all", "[{targets: [{modelRewrite: base}]}]");
            Following.until("rewritten", () -> target(router, "any").equals("base"));
        }
    }

    @Test
    void rewritesOfTheOlderGroupAreReadAndAnExactMatchGoesFirst() {
        server.serve(OLD_REWRITE);
        rewrite(OLD_REWRITE, "all", "[{targets: [{modelRewrite: base}]}]");
        rewrite(
                OLD_REWRITE,
                "exact",
                "[{matches: [{model: {type: Exact, value: food}}], targets: [{modelRewrite: food-v2, weight: 5}]}]");
        try (Following router = Following.of(server)) {
            Following.until("rewritten", () -> target(router, "any").equals("base"));
            assertEquals("food-v2", target(router, "food"));
            rewrite(OLD_REWRITE, "exact", "[{matches: [{model: {value: food}}], targets: [{modelRewrite: food-v3}]}]");
            Following.until("changed", () -> target(router, "food").equals("food-v3"));
            server.delete(OLD_REWRITE, "exact");
            Following.until("deleted", () -> target(router, "food").equals("base"));
        }
    }

    @Test
    void anInferenceModelIsPriorityAndTrafficSplitInOne() {
        server.serve(ApiKind.OLD_MODEL);
        server.put(ApiKind.OLD_MODEL, """
                metadata: {name: food-review, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec:
                  modelName: food
                  criticality: Critical
                  targetModels: [{name: food-lora-1, weight: 100}]
                  poolRef: {group: inference.networking.x-k8s.io, name: chat}
                """);
        server.put(ApiKind.OLD_MODEL, """
                metadata: {name: bulk, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec: {modelName: bulk, criticality: Sheddable, poolRef: {name: chat}}
                """);
        try (Following router = Following.of(server)) {
            Following.until(
                    "read", () -> router.discovery.rules().modelPriorities().size() == 2);
            PoolRules rules = router.discovery.rules();
            assertEquals(1, rules.modelPriority("food"));
            assertEquals(-1, rules.modelPriority("bulk"));
            assertEquals(0, rules.modelPriority("unknown"));
            assertEquals("food-lora-1", target(router, "food"));
            assertEquals("", target(router, "bulk"));
            assertEquals(Set.of("food-lora-1"), router.adapters);
        }
    }

    @Test
    void anObjectThatCannotBeReadIsLeftOutAndItsFieldNamed() throws Exception {
        server.serve(OBJECTIVE, REWRITE);
        objective(OBJECTIVE, "broken", "{priority: high, " + OURS + "}");
        objective(OBJECTIVE, "gold", "{priority: 7, " + OURS + "}");
        try (Following router = Following.of(server)) {
            expectPriorities(router, Map.of("gold", 7));
            assertEquals("InferenceObjective team/broken: spec.priority must be a number, is high", router.rejection());
            rewrite(REWRITE, "empty", "[{targets: []}]");
            assertEquals(
                    "InferenceModelRewrite team/empty: spec.rules[0].targets must not be empty", router.rejection());
            rewrite(REWRITE, "heavy", "[{targets: [{modelRewrite: base, weight: 1000001}]}]");
            assertTrue(router.rejection().contains("spec.rules[0].targets[0].weight must be within 1..1000000"));
        }
    }

    private void objective(ApiKind kind, String name, String spec) {
        server.put(kind, "{metadata: {name: " + name + "}, spec: " + spec + "}");
    }

    private void rewrite(ApiKind kind, String name, String rules) {
        server.put(kind, "{metadata: {name: " + name + "}, spec: {rules: " + rules + ", " + OURS + "}}");
    }

    private static void expectPriorities(Following router, Map<String, Integer> priorities) {
        Following.until(
                "priorities " + priorities,
                () -> router.discovery.rules().priorities().equals(priorities));
    }

    private static String target(Following router, String model) {
        return router.discovery
                .rules()
                .rewrite(model, new SplittableRandom(1))
                .map(PoolRules.Rewritten::model)
                .or(() -> Optional.of(""))
                .get();
    }
}
