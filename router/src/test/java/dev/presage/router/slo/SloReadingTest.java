package dev.presage.router.slo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SloReadingTest {
    @Test
    void everyFieldIsRead() {
        LatencySlo slo = Slos.read("""
            apiVersion: presage.dev/v1alpha1
            kind: LatencySLO
            metadata: {name: chat, namespace: team, resourceVersion: "7"}
            spec:
              selector: {pool: p, model: m, objective: o, tenant: t, headers: {X-Tier: gold}}
              targets:
                ttft: {ms: 800, percentile: 95}
                tpot: {ms: 50.5, percentile: 99.9}
              objective: 99.5
              window: 7d
              onViolation: ShedLowerPriority
              minimumRequests: 100
            status: {attainment: "99.9"}
            """).getFirst();
        assertEquals(
                new LatencySlo(
                        "chat",
                        new SloSelector("p", "m", "o", "t", Map.of("x-tier", "gold")),
                        new LatencyTarget(800, 95),
                        new LatencyTarget(50.5, 99.9),
                        Duration.ofDays(7),
                        0.995,
                        OnViolation.SHED_LOWER_PRIORITY,
                        100),
                slo);
    }

    @Test
    void whatIsLeftOutHasADefault() {
        LatencySlo slo = Slos.read("""
            apiVersion: presage.dev/v1alpha1
            kind: LatencySLO
            metadata: {name: chat}
            spec: {targets: {ttft: {ms: 800}}, objective: 99.5}
            """).getFirst();
        assertEquals(
                new LatencySlo(
                        "chat",
                        SloSelector.ALL,
                        new LatencyTarget(800, 0),
                        LatencyTarget.NONE,
                        Duration.ofDays(30),
                        0.995,
                        OnViolation.PREFER,
                        30),
                slo);
    }

    @Test
    void everyMistakeIsToldWithLineFieldAndBound() {
        SloReading reading = SloReading.of("slo.yaml", """
            apiVersion: presage.dev/v1
            kind: LatencySLO
            metadata: {name: Chat_1}
            spec:
              selector: {model: "", headers: {x-a: 1, "x b": c}, colour: red}
              targets:
                ttft: {ms: 0, percentile: 20}
                tpot: {percentile: 95}
              objective: 100
              window: 91d
              onViolation: panic
              minimumRequests: 0
            ---
            kind: LatencySLO
            """);
        assertEquals(
                List.of(
                        "slo.yaml line 1: apiVersion must be presage.dev/v1alpha1, is 'presage.dev/v1'",
                        "slo.yaml line 3: metadata.name must be lower-case letters, digits, '-' and '.', at most 253,"
                                + " is 'Chat_1'",
                        "slo.yaml line 5: spec.selector.model must have 1..256 characters, has 0",
                        "slo.yaml line 5: spec.selector.headers.x-a must be a string",
                        "slo.yaml line 5: spec.selector.headers.x b is not the name of a header",
                        "slo.yaml line 5: spec.selector.colour is not a known field",
                        "slo.yaml line 7: spec.targets.ttft.ms must be within 0.1..600000.0, is 0",
                        "slo.yaml line 7: spec.targets.ttft.percentile must be within 50.0..99.9, is 20",
                        "slo.yaml line 8: spec.targets.tpot needs the field ms",
                        "slo.yaml line 9: spec.objective must be within 50.0..99.999, is 100",
                        "slo.yaml line 10: spec.window must be within 1h..90d, is '91d'",
                        "slo.yaml line 11: spec.onViolation must be one of Log, Prefer, ShedLowerPriority, is 'panic'",
                        "slo.yaml line 12: spec.minimumRequests must be within 1..1000000, is 0",
                        "slo.yaml line 14: needs the field apiVersion",
                        "slo.yaml line 14: needs the field metadata",
                        "slo.yaml line 14: needs the field spec"),
                reading.problems());
        assertEquals(List.of(), reading.slos());
    }

    @Test
    void anSloNeedsATargetAndANameOfItsOwn() {
        String none = """
            apiVersion: presage.dev/v1alpha1
            kind: LatencySLO
            metadata: {name: chat}
            spec: {targets: {}, objective: 99}
            """;
        assertEquals(
                List.of("slo.yaml line 4: spec.targets needs ttft, tpot or both"),
                SloReading.of("slo.yaml", none).problems());
        assertEquals(
                List.of("slo.yaml line 9: repeats the name a"),
                SloReading.of("slo.yaml", Slos.yaml("a", "{}") + "---\n" + Slos.yaml("a", "{model: m}"))
                        .problems());
    }

    @Test
    void whatIsNoYamlIsOneProblem() {
        assertEquals(1, SloReading.of("slo.yaml", "a: [").problems().size());
        assertEquals(List.of(), SloReading.of("slo.yaml", "").problems());
        assertEquals(List.of(), SloReading.of("slo.yaml", "---\n---\n").problems());
    }

    @Test
    void tenThousandAreTheBound() {
        String text = IntStream.range(0, 10_000)
                .mapToObj(i -> Slos.yaml("slo-" + i, "{tenant: t" + i + "}"))
                .collect(Collectors.joining("---\n"));
        assertEquals(10_000, Slos.read(text).size());
        assertEquals(
                List.of("slo.yaml has 10001 documents, more than 10000"),
                SloReading.of("slo.yaml", text + "---\n" + Slos.yaml("one-more", "{}"))
                        .problems());
    }
}
