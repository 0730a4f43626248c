package dev.presage.router.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Scheduler;
import dev.presage.router.plugin.PluginType;
import dev.presage.router.plugin.Rounds;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.predict.TestModels;
import dev.presage.router.yaml.InvalidDocumentException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations like those that deployments ship: they are read, and what comes of them routes, with a model and without. */
class WellKnownConfigsTest {
    private static final String HEAD = "apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\n";

    @ParameterizedTest
    @CsvSource({
        "default, 0",
        "three-scorers, 1",
        "prefix-on-gpu-and-cpu, 3",
        "precise-prefix, 3",
        "prefill-decode, 1",
        "prefill-decode-deprecated, 4",
        "encode-prefill-decode, 3",
        "optimised-baseline, 3",
        "predicted-latency, 1",
        "payload-agnostic, 1",
        "data-parallel, 1"
    })
    void startAndRoute(String name, int warnings) throws IOException {
        RouterConfig config = RouterConfig.parse(name, text(name), false);
        assertEquals(warnings, config.warnings().size(), config.warnings().toString());
        routes(config.scheduling().scheduler(), null);
        routes(config.scheduling().scheduler(), TestModels.work());
    }

    private static void routes(Scheduler scheduler, @Nullable ServingModel model) {
        Rounds rounds = new Rounds()
                .prompt(5000)
                .media(1)
                .endpoint("tier=gold", "llm-d.ai/role=decode")
                .scraped(3, 1, 0.5)
                .endpoint("tier=gold", "llm-d.ai/role=prefill")
                .scraped(0, 0, 0.1)
                .endpoint("tier=gold", "llm-d.ai/role=encode")
                .scraped(1, 0, 0.1)
                .endpoint("tier=gold")
                .scraped(0, 1, 0.9)
                .holds(70);
        for (int seed = 0; seed < 5; seed++) {
            Decision.Routed decision = assertInstanceOf(
                    Decision.Routed.class, scheduler.schedule(rounds.matrix(), Rounds.moment(model, seed)));
            assertTrue(decision.choice().propensity() > 0);
            assertTrue(decision.destination().startsWith("192.168.1."));
        }
    }

    @Test
    void whatTheyAskForIsWhatTheyGet() throws IOException {
        assertEquals(
                List.of("passthrough-parser"),
                RouterConfig.parse("c", text("payload-agnostic"), false).parsers());
        assertEquals(
                20_000L * 64,
                RouterConfig.parse("c", text("prefix-on-gpu-and-cpu"), false).prefixCapacityTokens());
        SchedulingConfig latency =
                RouterConfig.parse("c", text("predicted-latency"), false).scheduling();
        assertEquals(1, latency.admitters().size());
        assertEquals(
                3,
                Objects.requireNonNull(latency.profiles().get("default"))
                        .filters()
                        .size());
        assertEquals(PolicyConfig.Kind.LEARNED, latency.policy().deciding());
    }

    /** The types of the contract's section 3, alpha ones with a mark. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "single-profile-handler disagg-profile-handler !header-profile-handler data-parallel-profile-handler"
                        + " pd-profile-handler disagg-headers-handler prefill-header-handler",
                "prefix-based-pd-decider always-disagg-pd-decider always-disagg-multimodal-decider",
                "decode-filter prefill-filter encode-filter label-selector-filter by-label-selector by-label"
                        + " prefix-cache-affinity-filter slo-headroom-tier-filter utilization-detector concurrency-detector"
                        + " !utilization-filter !endpoint-attribute-filter !session-affinity-filter !topology-affinity-filter"
                        + " context-length-aware header-based-testing-filter !multicluster-session-affinity-filter",
                "queue-scorer running-requests-size-scorer kv-cache-utilization-scorer prefix-cache-scorer lora-affinity-scorer"
                        + " latency-scorer active-request-scorer token-load-scorer load-aware-scorer no-hit-lru-scorer"
                        + " precise-prefix-cache-scorer !session-affinity-scorer !header-label-affinity-scorer"
                        + " !topology-affinity-scorer !endpoint-attribute-scorer mm-embeddings-cache-scorer"
                        + " !multicluster-queue-scorer !multicluster-kv-cache-utilization-scorer"
                        + " !multicluster-prefix-cache-scorer",
                "max-score-picker random-picker weighted-random-picker",
                "token-producer tokenizer approx-prefix-cache-producer precise-prefix-cache-producer"
                        + " !burst-prefix-cache-producer inflight-load-producer predicted-latency-producer"
                        + " mm-embeddings-cache-producer session-id-producer !p2p-source-producer"
                        + " !multicluster-approx-prefix-cache-producer",
                "latency-slo-admitter probabilistic-admitter !disaggregatedset-rollout-screener !agent-identity"
                        + " request-attribute-reporter destination-endpoint-served-verifier",
                "global-strict-fairness-policy round-robin-fairness-policy program-aware-fairness fcfs-ordering-policy"
                        + " edf-ordering-policy slo-deadline-ordering-policy static-usage-limit-policy"
                        + " !priority-holdback-policy !soft-reflective-ceiling-policy",
                "openai-parser anthropic-parser vllmhttp-parser sglanghttp-parser vllmgrpc-parser vertexai-parser"
                        + " passthrough-parser",
                "metrics-data-source models-data-source !dcgm-data-source !multicluster-metrics-data-source"
                        + " k8s-notification-source endpoint-notification-source core-metrics-extractor models-data-extractor"
                        + " !dcgm-extractor !topology-extractor !multicluster-metrics-extractor file-discovery"
                        + " !multicluster-file-discovery"
            })
    void everyTypeOfTheContractIsKnown(String types) {
        for (String name : types.split(" ")) {
            boolean alpha = name.startsWith("!");
            String type = alpha ? name.substring(1) : name;
            assertEquals(
                    alpha,
                    PluginCatalog.of(type)
                            .orElseThrow(() -> new AssertionError(type))
                            .alpha(),
                    type);
        }
    }

    /** Whatever plugins are listed, with whatever parameters: the configuration starts and routes, or the error names its line. */
    @Property(tries = 300)
    void aConfigurationStartsOrNamesTheLine(@ForAll("plugins") Set<String> plugins) {
        String text = HEAD + "plugins:\n"
                + plugins.stream().map(plugin -> "- " + plugin + "\n").collect(Collectors.joining());
        RouterConfig config;
        try {
            config = RouterConfig.parse("c", text, true);
        } catch (InvalidDocumentException e) {
            assertTrue(e.toString().matches("(?s).*c line \\d+: .+"), e.toString());
            return;
        }
        Rounds rounds =
                new Rounds().endpoint("llm-d.ai/role=both").scraped(1, 1, 0.5).endpoint();
        config.scheduling().scheduler().schedule(rounds.matrix(), Rounds.moment(TestModels.work(), 1));
        config.scheduling().scheduler().schedule(rounds.priority(-1).matrix(), Rounds.moment(null, 1));
    }

    @Provide
    Arbitrary<Set<String>> plugins() {
        Set<String> names = new TreeSet<>();
        PluginCatalog.all().map(PluginType::name).forEach(names::add);
        Arbitrary<String> parameter = Combinators.combine(
                        Arbitraries.of(
                                "threshold",
                                "primaryPort",
                                "headroom",
                                "label",
                                "enableFiltering",
                                "conditions",
                                "affinityThreshold",
                                "maxNumOfEndpoints",
                                "deciders",
                                "policy",
                                "path",
                                "lruSize"),
                        Arbitraries.of("1", "0.5", "-1", "x", "true", "[]", "{}", "[{metric: x}]", "~", "99999999999"))
                .as((key, value) -> key + ": " + value);
        return Combinators.combine(
                        Arbitraries.of(names), parameter.list().uniqueElements().ofMaxSize(1))
                .as((name, given) -> "{type: " + name + ", parameters: {" + String.join(", ", given) + "}}")
                .set()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    private static String text(String name) throws IOException {
        try (InputStream in = WellKnownConfigsTest.class.getResourceAsStream("/config/" + name + ".yaml")) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
