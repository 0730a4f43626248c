package dev.presage.router.discovery.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusTest {
    private static final ApiKind OBJECTIVE = ApiKind.OBJECTIVES.getFirst();
    private static final ApiKind REWRITE = ApiKind.REWRITES.getFirst();

    private final ApiServer server = new ApiServer();

    @BeforeEach
    void pool() {
        server.serve(ApiKind.POOL, OBJECTIVE, REWRITE, ApiKind.OLD_MODEL)
                .pool("{app: llm}", 8000)
                .pod("a", "10.0.0.1");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatIsAppliedIsAcceptedAtItsGeneration() {
        objective("gold", "7");
        try (Following router = Following.of(server)) {
            Following.until("accepted", () -> accepted(OBJECTIVE, "gold").equals("True Accepted"));
            assertEquals(1, condition(OBJECTIVE, "gold").get("observedGeneration"));
            objective("gold", "8");
            Following.until(
                    "observed",
                    () -> Objects.equals(2, condition(OBJECTIVE, "gold").get("observedGeneration")));
        }
    }

    @Test
    void whatCannotBeAppliedSaysWhyAndOtherConditionsStay() {
        server.put(REWRITE, """
                metadata: {name: empty}
                spec: {rules: [{targets: []}], poolRef: {name: chat}}
                """);
        server.status(REWRITE, "empty", """
                {"status": {"conditions": [{"type": "Seen", "status": "True", "reason": "By", "message": "other"}]}}""");
        server.put(ApiKind.OLD_MODEL, "{metadata: {name: a}, spec: {modelName: m, poolRef: {name: chat}}}");
        server.put(ApiKind.OLD_MODEL, "{metadata: {name: b}, spec: {modelName: m, poolRef: {name: chat}}}");
        try (Following router = Following.of(server)) {
            Following.until("refused", () -> accepted(REWRITE, "empty").equals("False Invalid"));
            assertEquals(
                    "spec.rules[0].targets must not be empty",
                    condition(REWRITE, "empty").get("message"));
            assertEquals(2, conditions(REWRITE, "empty").size());
            Following.until(
                    "older model", () -> accepted(ApiKind.OLD_MODEL, "a").equals("True Accepted"));
            Following.until("same name", () -> accepted(ApiKind.OLD_MODEL, "b").equals("False ModelNameInUse"));
        }
    }

    @Test
    void nothingIsWrittenThatIsThereAlready() throws Exception {
        objective("gold", "7");
        try (Following router = Following.of(server)) {
            Following.until("accepted", () -> accepted(OBJECTIVE, "gold").equals("True Accepted"));
        }
        server.requests();
        try (Following router = Following.of(server)) {
            router.publishes("team/a-rank-0@10.0.0.1:8000");
            objective("silver", "6");
            Following.until("accepted", () -> accepted(OBJECTIVE, "silver").equals("True Accepted"));
        }
        assertEquals(
                List.of("PATCH /apis/llm-d.ai/v1alpha2/namespaces/team/inferenceobjectives/silver/status"),
                server.requests().stream()
                        .filter(request -> request.startsWith("PATCH"))
                        .toList());
    }

    @Test
    void aStatusThatMayNotBeWrittenMattersToNobody() throws Exception {
        server.recordings()
                .expect()
                .patch()
                .withPath("/apis/llm-d.ai/v1alpha2/namespaces/team/inferenceobjectives/gold/status")
                .andReturn(403, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":403,\"message\":\"no\"}")
                .always();
        objective("gold", "7");
        try (Following router = Following.of(server)) {
            objective("silver", "6");
            Following.until("the next one is written", () -> accepted(OBJECTIVE, "silver")
                    .equals("True Accepted"));
            assertEquals(
                    Map.of("gold", 7, "silver", 6), router.discovery.rules().priorities());
            assertNull(object(OBJECTIVE, "gold").getAdditionalProperties().get("status"));
        }
    }

    private void objective(String name, String priority) {
        server.put(
                OBJECTIVE,
                "{metadata: {name: " + name + "}, spec: {priority: " + priority + ", poolRef: {name: chat}}}");
    }

    private GenericKubernetesResource object(ApiKind kind, String name) {
        return Objects.requireNonNull(server.get(kind, name));
    }

    private List<?> conditions(ApiKind kind, String name) {
        return object(kind, name).getAdditionalProperties().get("status") instanceof Map<?, ?> status
                        && status.get("conditions") instanceof List<?> list
                ? list
                : List.of();
    }

    private Map<?, ?> condition(ApiKind kind, String name) {
        for (Object item : conditions(kind, name)) {
            if (item instanceof Map<?, ?> condition && "Accepted".equals(condition.get("type"))) {
                return condition;
            }
        }
        return Map.of();
    }

    private String accepted(ApiKind kind, String name) {
        return condition(kind, name).get("status") + " " + condition(kind, name).get("reason");
    }
}
