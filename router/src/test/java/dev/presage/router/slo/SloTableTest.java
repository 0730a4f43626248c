package dev.presage.router.slo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.request.InferenceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SloTableTest {
    private final List<SloConflict> conflicts = new ArrayList<>();

    @Test
    void theMostSpecificSelectorHolds() {
        SloTable<LatencySlo> table = table(
                "{}",
                "{pool: chat}",
                "{model: m}",
                "{objective: gold}",
                "{headers: {x-a: one}}",
                "{headers: {x-a: one, x-b: two}}",
                "{tenant: acme}",
                "{tenant: acme, model: m}",
                "{pool: elsewhere, tenant: acme, model: m}");
        assertEquals("{pool: chat}", found(table, Slos.request("other")));
        assertEquals("{model: m}", found(table, Slos.request("m")));
        assertEquals("{objective: gold}", found(table, Slos.request("m", "x-llm-d-inference-objective", "gold")));
        assertEquals("{objective: gold}", found(table, Slos.request("m", "x-gateway-inference-objective", "gold")));
        assertEquals(
                "{headers: {x-a: one}}",
                found(table, Slos.request("m", "x-a", "one", "x-llm-d-inference-objective", "gold")));
        assertEquals("{headers: {x-a: one, x-b: two}}", found(table, Slos.request("m", "x-a", "one", "x-b", "two")));
        assertEquals("{tenant: acme}", found(table, acme("n")));
        assertEquals("{tenant: acme, model: m}", found(table, acme("m")));
        assertEquals("{model: m}", found(table, Slos.request("m", "x-llm-d-inference-fairness-id", "else")));
    }

    @Test
    void requestsThatNothingMatchesHaveNone() {
        assertEquals("", found(table("{model: m}", "{headers: {x-a: b}}"), Slos.request("n", "x-a", "c")));
    }

    @Test
    void twoOfTheSameSelectorConflict() {
        table("{model: m, tenant: a}", "{tenant: a, model: m}", "{model: m, tenant: b}");
        assertEquals(
                List.of("SLOs {model: m, tenant: a} and {tenant: a, model: m} have the same selector"), messages());
    }

    @Test
    void equallySpecificOnesThatCanMeetConflict() {
        table("{headers: {x-a: one}}", "{headers: {x-b: two}}");
        assertEquals(
                List.of("SLOs {headers: {x-a: one}} and {headers: {x-b: two}} can match the same request and neither"
                        + " selector is more specific"),
                messages());
    }

    @Test
    void equallySpecificOnesThatCannotMeetDoNot() {
        table(
                "{headers: {x-a: one}, model: m}",
                "{headers: {x-b: two}, model: n}",
                "{headers: {x-a: one, x-b: two}}",
                "{headers: {x-a: two, x-c: two}}");
        assertEquals(List.of(), conflicts);
    }

    @Test
    void tenThousandTenantsAreToldApart() {
        SloTable<LatencySlo> table = SloTable.of(
                IntStream.range(0, 10_000)
                        .mapToObj(i -> Slos.of("slo-" + i, new SloSelector("", "", "", "tenant-" + i, Map.of())))
                        .toList(),
                "chat",
                conflicts);
        assertEquals(List.of(), conflicts);
        SloTable<Integer> lengths = table.map(slo -> slo.name().length());
        for (int i = 0; i < 20_000; i++) {
            InferenceRequest request = Slos.request("m", "x-llm-d-inference-fairness-id", "tenant-" + i);
            assertEquals(i < 10_000 ? "slo-" + i : "", found(table, request));
            assertEquals(i < 10_000 ? ("slo-" + i).length() : null, lengths.find(request));
        }
    }

    @Test
    void whereOneFieldEndsIsPartOfIt() {
        SloTable<LatencySlo> table = table("{tenant: ab, objective: c}", "{tenant: a, objective: bc}");
        assertEquals("{tenant: ab, objective: c}", found(table, of("ab", "c")));
        assertEquals("{tenant: a, objective: bc}", found(table, of("a", "bc")));
        assertEquals("", found(table, of("abc", "")));
        assertEquals("", found(table, of("c", "ab")));
    }

    private static InferenceRequest of(String tenant, String objective) {
        return Slos.request("m", "x-llm-d-inference-fairness-id", tenant, "x-llm-d-inference-objective", objective);
    }

    private List<String> messages() {
        return conflicts.stream().map(SloConflict::message).toList();
    }

    private SloTable<LatencySlo> table(String... selectors) {
        List<LatencySlo> slos = new ArrayList<>();
        for (String selector : selectors) {
            slos.add(Slos.of(
                    selector, Slos.read(Slos.yaml("a", selector)).getFirst().selector()));
        }
        return SloTable.of(slos, "chat", conflicts);
    }

    private static InferenceRequest acme(String model) {
        return Slos.request(model, "x-llm-d-inference-fairness-id", "acme");
    }

    private static String found(SloTable<LatencySlo> table, InferenceRequest request) {
        LatencySlo slo = table.find(request);
        return slo == null ? "" : slo.name();
    }
}
