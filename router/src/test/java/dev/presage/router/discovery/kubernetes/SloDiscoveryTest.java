package dev.presage.router.discovery.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.request.LatencyTargets;
import dev.presage.router.slo.LatencySlo;
import dev.presage.router.slo.Slos;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SloDiscoveryTest {
    private final ApiServer server = new ApiServer();

    @BeforeEach
    void pool() {
        server.serve(ApiKind.POOL, ApiKind.LATENCY_SLO).pool("{app: llm}", 8000).pod("a", "10.0.0.1");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theSlosOfThePoolAreInForceAndSayHowTheyStand() {
        put("gold", "{model: gold}", 100);
        put("elsewhere", "{pool: other}", 100);
        try (Following router = Following.of(server)) {
            Following.until("in force", () -> targets(router, "gold").ttftMs() == 100);
            assertEquals(1, router.slos.size());
            Following.until("accepted", () -> condition("gold").equals("True Accepted"));
            IntStream.range(0, 40).forEach(i -> router.slos.shed(Slos.request("gold")));
            Following.until("its figures", () -> "40"
                    .equals(String.valueOf(status("gold").get("badRequests"))));
            assertEquals("0.000", status("gold").get("attainment"));
            assertEquals("-9900.0", status("gold").get("errorBudgetRemaining"));
            assertEquals("100.00", at(at(status("gold"), "burnRates", Map.class), "5m", String.class));
            assertEquals("True Accepted", condition("gold"), "the condition stays");
            put("gold", "{model: gold}", 200);
            Following.until("changed", () -> targets(router, "gold").ttftMs() == 200);
        }
    }

    @Test
    void anInvalidObjectStaysAsItLastWasAndSaysWhatIsWrong() throws Exception {
        put("gold", "{model: gold}", 100);
        try (Following router = Following.of(server)) {
            Following.until("in force", () -> targets(router, "gold").ttftMs() == 100);
            server.put(ApiKind.LATENCY_SLO, """
                    metadata: {name: gold}
                    spec: {targets: {ttft: {ms: 0}}, objective: 100}
                    """);
            assertEquals(
                    "LatencySLO team/gold: spec.targets.ttft.ms must be within 0.1..600000.0, is 0;"
                            + " spec.objective must be within 50.0..99.999, is 100",
                    router.rejection());
            Following.until("refused", () -> condition("gold").equals("False Invalid"));
            assertEquals(100, targets(router, "gold").ttftMs());
        }
    }

    @Test
    void ofTwoThatConflictTheOlderIsInForce() throws Exception {
        put("first", "{model: gold}", 100);
        try (Following router = Following.of(server)) {
            Following.until("in force", () -> targets(router, "gold").ttftMs() == 100);
            put("second", "{model: gold}", 300);
            assertEquals("LatencySLO team/second: SLOs first and second have the same selector", router.rejection());
            Following.until("refused", () -> condition("second").equals("False Conflicted"));
            assertEquals(100, targets(router, "gold").ttftMs());
        }
    }

    @Test
    void theDefinitionHasTheBoundsOfTheReader() throws IOException {
        CustomResourceDefinition definition = Serialization.unmarshal(
                Files.readString(Path.of("../deploy/crds/latencyslos.presage.dev.yaml")),
                CustomResourceDefinition.class);
        var version = definition.getSpec().getVersions().getFirst();
        assertEquals(
                ApiKind.LATENCY_SLO,
                new ApiKind(
                        definition.getSpec().getGroup(),
                        version.getName(),
                        definition.getSpec().getNames().getPlural(),
                        definition.getSpec().getNames().getKind()));
        JSONSchemaProps spec = field(Objects.requireNonNull(version.getSchema()).getOpenAPIV3Schema(), "spec");
        assertEquals(LatencySlo.MIN_OBJECTIVE, field(spec, "objective").getMinimum());
        assertEquals(LatencySlo.MAX_OBJECTIVE, field(spec, "objective").getMaximum());
        assertEquals(
                LatencySlo.MAX_MINIMUM_REQUESTS,
                field(spec, "minimumRequests").getMaximum().intValue());
        assertEquals(
                List.of("Log", "Prefer", "ShedLowerPriority"),
                field(spec, "onViolation").getEnum().stream()
                        .map(value -> value.asText())
                        .toList());
        for (String target : List.of("ttft", "tpot")) {
            JSONSchemaProps ms = field(field(field(spec, "targets"), target), "ms");
            assertEquals(0.1, ms.getMinimum());
            assertEquals(600_000, ms.getMaximum());
        }
        String window = field(spec, "window").getPattern();
        assertTrue("30d".matches(window) && "1h".matches(window) && "90d".matches(window) && "2160h".matches(window));
        assertFalse("91d".matches(window) || "0d".matches(window) || "0h".matches(window));
    }

    private void put(String name, String selector, double ttftMs) {
        server.put(ApiKind.LATENCY_SLO, """
                metadata: {name: %s}
                spec: {selector: %s, targets: {ttft: {ms: %s}}, objective: 99}
                """.formatted(name, selector, ttftMs));
    }

    private static JSONSchemaProps field(JSONSchemaProps schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name), name);
    }

    private static <T> T at(Map<?, ?> fields, String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(fields.get(name), name));
    }

    private static LatencyTargets targets(Following router, String model) {
        return router.slos.aim(Slos.request(model)).targets();
    }

    private Map<?, ?> status(String name) {
        return Objects.requireNonNull(server.get(ApiKind.LATENCY_SLO, name))
                                .getAdditionalProperties()
                                .get("status")
                        instanceof Map<?, ?> status
                ? status
                : Map.of();
    }

    private String condition(String name) {
        return status(name).get("conditions") instanceof List<?> conditions
                        && !conditions.isEmpty()
                        && conditions.getFirst() instanceof Map<?, ?> condition
                ? condition.get("status") + " " + condition.get("reason")
                : "";
    }
}
