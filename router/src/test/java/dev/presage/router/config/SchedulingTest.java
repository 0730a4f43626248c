package dev.presage.router.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Fallback;
import dev.presage.router.pick.Scheduler;
import dev.presage.router.plugin.Rounds;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.predict.TestModels;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations as users write them, from the text to the endpoint. */
class SchedulingTest {
    private static final String HEAD = "apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\n";

    private static final String FOUR_SCORERS = """
            plugins:
            - type: queue-scorer
            - type: kv-cache-utilization-scorer
            - type: prefix-cache-scorer
            - type: lora-affinity-scorer
            schedulingProfiles:
            - name: default
              plugins:
              - pluginRef: queue-scorer
              - pluginRef: kv-cache-utilization-scorer
              - pluginRef: prefix-cache-scorer
              - pluginRef: lora-affinity-scorer
            """;

    private static final String SPLIT = """
            plugins:
            - type: disagg-profile-handler
              parameters: {deciders: {prefill: by-length, encode: images}}
            - {type: prefix-based-pd-decider, name: by-length, parameters: {nonCachedTokens: 100}}
            - {type: always-disagg-multimodal-decider, name: images}
            - type: decode-filter
            - type: prefill-filter
            - type: encode-filter
            - type: queue-scorer
            %s
            schedulingProfiles:
            - {name: decode, plugins: [{pluginRef: decode-filter}, {pluginRef: queue-scorer}]}
            - {name: prefill, plugins: [{pluginRef: prefill-filter}, {pluginRef: queue-scorer}]}
            - {name: encode, plugins: [{pluginRef: encode-filter}, {pluginRef: queue-scorer}]}
            """;

    /** The scheduling cases of the contract: queue, KV usage and adapters of each endpoint, then the endpoint that is picked. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "select lower queue and kv cache,     3 0 10,  0.2 0.1 0.2,  - - -,           2",
        "select active lora with low queue,   0 0 10,  0.2 0.1 0.2,  other sql other, 2",
        "select lora despite higher kv cache, 10 10 10, 0.2 0.4 0.3, other sql other, 2",
        "do not shed requests by default,     6 0 10,  0.2 0.85 0.9, sql other other, 1"
    })
    void theContractsCasesPickTheSameEndpoint(String name, String queues, String kv, String adapters, int expected) {
        Rounds rounds = new Rounds().model("sql");
        for (int i = 0; i < 3; i++) {
            String adapter = adapters.split(" +")[i];
            rounds.endpoint()
                    .signals(signals(
                            Double.parseDouble(queues.split(" +")[i]),
                            Double.parseDouble(kv.split(" +")[i]),
                            adapter.equals("-") ? Set.of() : Set.of(adapter)));
            ;
        }
        for (int seed = 0; seed < 20; seed++) {
            Decision.Routed decision = routed(FOUR_SCORERS, rounds, null, seed);
            assertEquals("192.168.1." + expected + ":8000", decision.destination());
            assertEquals(Map.of(), decision.extraHeaders());
        }
    }

    @Test
    void filtersThatLeaveNobodySaySoAndTheDetectorsLeaveAll() {
        Rounds rounds = new Rounds().endpoint("llm-d.ai/role=prefill").scraped(99, 0, 1);
        String config = "plugins: [{type: decode-filter}, {type: queue-scorer}]";
        assertEquals(
                new Decision.Shed("no endpoints available for the given request", "rejected-saturated"),
                scheduler(config).schedule(rounds.matrix(), Rounds.moment(null, 1)));
        String open = """
                plugins: [{type: utilization-detector}, {type: queue-scorer}]
                schedulingProfiles: [{name: a, plugins: [{pluginRef: utilization-detector}, {pluginRef: queue-scorer}]}]
                """;
        assertEquals("192.168.1.1:8000", routed(open, rounds, null, 1).destination());
    }

    @Test
    void theModelObeysFiltersThatBindAndNotTheOthers() {
        // Endpoint 0 holds the prompt but is busy; 2 is idle but only prefills.
        Rounds rounds = new Rounds()
                .prompt(640)
                .endpoint()
                .holds(10)
                .inFlight(1, 5000)
                .scraped(1, 1, 0)
                .endpoint()
                .scraped(0, 0, 0)
                .endpoint("llm-d.ai/role=prefill")
                .scraped(0, 0, 0);
        String config = """
                plugins:
                - type: predicted-latency-producer
                - {type: prefix-cache-affinity-filter, parameters: {affinityThreshold: 0.8}}
                - type: decode-filter
                - type: latency-scorer
                """;
        Decision.Routed learned = routed(config, rounds, TestModels.work(), 1);
        assertEquals("learned", learned.choice().policy());
        assertEquals("192.168.1.2:8000", learned.destination());
        Decision.Routed profile = routed(config, rounds, null, 1);
        assertEquals("heuristic", profile.choice().policy());
        assertEquals(Fallback.NO_MODEL, profile.fallback());
        assertEquals("192.168.1.1:8000", profile.destination());
    }

    @Test
    void severalEndpointsAreNamedInOrder() {
        Rounds rounds = new Rounds()
                .endpoint()
                .scraped(5, 0, 0)
                .endpoint()
                .scraped(0, 0, 0)
                .endpoint()
                .scraped(2, 0, 0);
        String config = "plugins: [{type: queue-scorer}, {type: max-score-picker, parameters: {maxNumOfEndpoints: 2}}]";
        assertEquals(
                "192.168.1.2:8000,192.168.1.3:8000",
                routed(config, rounds, null, 1).destination());
    }

    @Test
    void ranksAreReachedThroughThePrimaryPort() {
        String config =
                "plugins: [{type: queue-scorer}, {type: data-parallel-profile-handler, parameters: {primaryPort: 9000}}]";
        Decision.Routed decision = routed(config, new Rounds().endpoint(), null, 1);
        assertEquals("192.168.1.1:9000", decision.destination());
        assertEquals(Map.of("x-data-parallel-host-port", "192.168.1.1:8000"), decision.extraHeaders());
    }

    private static Rounds splitFleet() {
        return new Rounds()
                .prompt(640)
                .endpoint("llm-d.ai/role=decode")
                .scraped(5, 0, 0)
                .endpoint("llm-d.ai/role=decode")
                .scraped(1, 0, 0)
                .endpoint("llm-d.ai/role=prefill")
                .scraped(3, 0, 0)
                .endpoint("llm-d.ai/role=prefill")
                .scraped(0, 0, 0)
                .endpoint("llm-d.ai/role=encode")
                .scraped(0, 0, 0);
    }

    @Test
    void aLongPromptIsComputedByAPrefillEndpoint() {
        Decision.Routed decision = routed(SPLIT.formatted(""), splitFleet(), null, 1);
        assertEquals("192.168.1.2:8000", decision.destination());
        assertEquals(Map.of("x-prefiller-host-port", "192.168.1.4:8000"), decision.extraHeaders());
        assertEquals(2, decision.legs().size());
        assertEquals("r/prefill", decision.legs().get(1).eventId());
        assertEquals("r", decision.eventId());
        assertEquals(2, decision.candidates().size(), "what is logged is what was decided among");
    }

    @Test
    void aShortOrCachedPromptIsNotAndImagesAreEncoded() {
        assertEquals(
                Map.of(),
                routed(SPLIT.formatted(""), splitFleet().prompt(90), null, 1).extraHeaders());
        Rounds cached = new Rounds().prompt(640).endpoint().holds(9).endpoint("llm-d.ai/role=prefill");
        assertEquals(Map.of(), routed(SPLIT.formatted(""), cached, null, 1).extraHeaders());
        Map<String, String> headers =
                routed(SPLIT.formatted(""), splitFleet().media(2), null, 1).extraHeaders();
        assertEquals("192.168.1.5:8000", headers.get("x-encoder-hosts-ports"));
        assertEquals("192.168.1.4:8000", headers.get("x-prefiller-host-port"));
    }

    @Test
    void withoutDecidersPromptsAreSplitAndImagesEncoded() {
        String config = """
                plugins: [{type: disagg-profile-handler}, {type: decode-filter}, {type: prefill-filter}, {type: encode-filter}]
                schedulingProfiles:
                - {name: decode, plugins: [{pluginRef: decode-filter}]}
                - {name: prefill, plugins: [{pluginRef: prefill-filter}]}
                - {name: encode, plugins: [{pluginRef: encode-filter}]}
                """;
        assertEquals(
                Set.of("x-prefiller-host-port"),
                routed(config, splitFleet(), null, 1).extraHeaders().keySet());
        assertEquals(
                Set.of("x-prefiller-host-port", "x-encoder-hosts-ports"),
                routed(config, splitFleet().media(1), null, 1).extraHeaders().keySet());
    }

    @Test
    void prefillFirstAsksNoDecider() {
        String config = """
                plugins:
                - {type: disagg-profile-handler, parameters: {stageOrder: prefill-first, profiles: {prefill: p, decode: d}}}
                - type: decode-filter
                - type: prefill-filter
                schedulingProfiles:
                - {name: d, plugins: [{pluginRef: decode-filter}]}
                - {name: p, plugins: [{pluginRef: prefill-filter}]}
                """;
        Decision.Routed decision = routed(config, splitFleet().prompt(10), null, 1);
        assertEquals(Set.of("x-prefiller-host-port"), decision.extraHeaders().keySet());
    }

    @Test
    void theOlderParametersStillSplit() {
        String config = """
                plugins:
                - {type: pd-profile-handler, parameters: {threshold: 100, primaryPort: 9000, prefillProfile: p}}
                - type: decode-filter
                - type: prefill-filter
                schedulingProfiles:
                - {name: decode, plugins: [{pluginRef: decode-filter}]}
                - {name: p, plugins: [{pluginRef: prefill-filter}]}
                """;
        Decision.Routed decision = routed(config, splitFleet(), null, 1);
        assertEquals(
                Set.of("x-prefiller-host-port", "x-data-parallel-host-port"),
                decision.extraHeaders().keySet());
        assertEquals("192.168.1.", decision.destination().substring(0, 10));
        assertEquals(":9000", decision.destination().substring(11));
        assertEquals(
                Set.of("x-data-parallel-host-port"),
                routed(config, splitFleet().prompt(90), null, 1).extraHeaders().keySet());
    }

    @Test
    void withoutPrefillEndpointsDecodeDoesItAlone() {
        Rounds rounds = new Rounds().prompt(640).endpoint("llm-d.ai/role=both");
        Decision.Routed decision = routed(SPLIT.formatted(""), rounds, null, 1);
        assertEquals("192.168.1.1:8000", decision.destination());
        assertNull(decision.itinerary().prefill(), "whoever answers computes the prompt when it is the only one");
        Rounds none = new Rounds().prompt(640).endpoint("llm-d.ai/role=prefill");
        assertInstanceOf(
                Decision.Shed.class, scheduler(SPLIT.formatted("")).schedule(none.matrix(), Rounds.moment(null, 1)));
    }

    @Test
    void theModelPicksThePairByPrefillTransferAndDecode() {
        // The prefill endpoint with the shorter work wins, whatever its queue says; the decode endpoint that holds half
        // of the
        // prompt has less to fetch.
        Rounds rounds = new Rounds()
                .prompt(64_000)
                .endpoint("llm-d.ai/role=decode")
                .scraped(0, 0, 0)
                .endpoint("llm-d.ai/role=decode")
                .scraped(0, 0, 0)
                .holds(500)
                .inFlight(3, 60_000)
                .endpoint("llm-d.ai/role=prefill")
                .scraped(0, 0, 0)
                .inFlight(1, 50_000)
                .endpoint("llm-d.ai/role=prefill")
                .scraped(4, 0, 0);
        Decision.Routed decision = routed(
                SPLIT.formatted("- {type: presage-policy, parameters: {explorationShare: 0}}"),
                rounds,
                TestModels.work(),
                1);
        assertEquals("learned", decision.choice().policy());
        assertEquals("192.168.1.2:8000", decision.destination());
        Decision.Routed prefill = Objects.requireNonNull(decision.itinerary().prefill());
        assertEquals("192.168.1.4:8000", prefill.endpoint().address());
        assertEquals("learned", prefill.choice().policy());
        // 32,000 tokens to fetch at 0.013 ms and 100 of output at 5 ms each.
        assertEquals(32_000 * 0.013 + 100 * 5, decision.choice().costs()[1], 1e-3);
        assertEquals(64_000 * 0.013 + 100 * 5, decision.choice().costs()[0], 1e-3);
    }

    @Test
    void headersChooseProfiles() {
        String config = """
                plugins:
                - {type: header-profile-handler, parameters: {defaultProfile: a}}
                - {type: by-label, name: blue, parameters: {label: colour, validValues: [blue]}}
                - {type: by-label, name: red, parameters: {label: colour, validValues: [red]}}
                - type: queue-scorer
                schedulingProfiles:
                - {name: a, plugins: [{pluginRef: blue}, {pluginRef: queue-scorer}]}
                - {name: b, plugins: [{pluginRef: red}, {pluginRef: queue-scorer}]}
                """;
        Rounds rounds = new Rounds().endpoint("colour=red").endpoint("colour=blue");
        Map<String, String> picked = new HashMap<>();
        picked.put("", routed(config, rounds, null, 1).destination());
        picked.put(
                "b", routed(config, rounds.header("epp-profile", "b"), null, 1).destination());
        assertEquals(Map.of("", "192.168.1.2:8000", "b", "192.168.1.1:8000"), picked);
        rounds.header("epp-profile", "c");
        assertInstanceOf(Decision.Shed.class, scheduler(config).schedule(rounds.matrix(), Rounds.moment(null, 1)));
    }

    private static Scheduler scheduler(String config) {
        return RouterConfig.parse("c", HEAD + config, true).scheduling().scheduler();
    }

    private static Decision.Routed routed(String config, Rounds rounds, @Nullable ServingModel model, long seed) {
        return assertInstanceOf(
                Decision.Routed.class, scheduler(config).schedule(rounds.matrix(), Rounds.moment(model, seed)));
    }

    private static EngineSignals signals(double queue, double kvUsage, Set<String> adapters) {
        return new EngineSignals(queue, 0, kvUsage, 16, 0, adapters, Set.of(), 2, adapters, Map.of(), Rounds.NOW);
    }
}
