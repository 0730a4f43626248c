package dev.presage.router.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.flow.BandSettings;
import dev.presage.router.flow.Ceilings;
import dev.presage.router.flow.Fairness;
import dev.presage.router.flow.FlowSettings;
import dev.presage.router.flow.Limits;
import dev.presage.router.flow.Ordering;
import dev.presage.router.pick.Exploration;
import dev.presage.router.pick.Ladder;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.admit.Admission;
import dev.presage.router.plugin.admit.Gate;
import dev.presage.router.plugin.picker.Pickers;
import dev.presage.router.plugin.profile.Profile;
import dev.presage.router.plugin.scorer.Scorers;
import dev.presage.router.request.MediaEstimate;
import dev.presage.router.scrape.Engine;
import dev.presage.router.scrape.MetricSpec;
import dev.presage.router.scrape.ModelsSettings;
import dev.presage.router.scrape.Role;
import dev.presage.router.scrape.ScrapeTls;
import dev.presage.router.yaml.InvalidDocumentException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterConfigTest {
    private static final String HEAD = "apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\n";

    @Test
    void whatPicturesAndVideosAreTakenForIsRead() {
        MediaEstimate media = RouterConfig.parse("c", """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: token-producer
              parameters:
                estimate:
                  image:
                    mode: dynamic
                    defaultResolution: {width: 1280, height: 720}
                    dynamic: {factor: 784}
                  video:
                    tokensPerFrame: {mode: static, static: {numTokensPerFrame: 64}}
                    frames: {mode: strided, maxFrames: 32, strided: {frameStride: 12}}
                    defaultDuration: 20
                    maxVideoTokens: 4096
            """, false).media();
        assertEquals(
                new MediaEstimate(
                        new MediaEstimate.Area(784, 0),
                        new MediaEstimate.Size(1280, 720),
                        new MediaEstimate.Video(
                                new MediaEstimate.Area(1024, 64),
                                new MediaEstimate.Frames(0, 12, 24, 0, 32, 1),
                                MediaEstimate.Size.DEFAULT,
                                20,
                                4096)),
                media);
    }

    @Test
    void theDefaultsArePinned() {
        RouterConfig empty = parse("");
        assertEquals(RouterConfig.DEFAULT, empty);
        SchedulingConfig scheduling = empty.scheduling();
        assertEquals(PolicyConfig.Kind.LEARNED, scheduling.policy().deciding());
        assertEquals(PolicyConfig.Kind.FLEET_LMETRIC, scheduling.policy().fallback());
        assertEquals(new Exploration(0.02, 50, 0.10), scheduling.policy().exploration());
        assertEquals(Duration.ofDays(1), scheduling.policy().maxModelAge());
        assertEquals(Duration.ofMillis(100), empty.scrape().interval());
        assertEquals(31_250L * 64, empty.prefixCapacityTokens());
        assertEquals(new FeatureGates(false, true), empty.gates());
        assertEquals(
                List.of("openai-parser", "anthropic-parser", "vllmhttp-parser", "passthrough-parser"), empty.parsers());
        assertInstanceOf(Ladder.class, ((Gate) scheduling.scheduler()).inner(), "nothing stands between");
    }

    @Test
    void weightedScorersDecideWithTheirWeights() {
        RouterConfig config = parse("""
            plugins:
            - type: queue-scorer
            - type: kv-cache-utilization-scorer
            - {type: prefix-cache-scorer, name: prefix}
            - type: max-score-picker
            schedulingProfiles:
            - name: default
              plugins:
              - {pluginRef: queue-scorer, weight: 4}
              - pluginRef: kv-cache-utilization-scorer
              - {pluginRef: prefix, weight: 2.5}
              - pluginRef: max-score-picker
            """);
        assertEquals(PolicyConfig.Kind.HEURISTIC, config.scheduling().policy().deciding());
        Profile profile = Objects.requireNonNull(config.scheduling().profiles().get("default"));
        assertEquals(
                List.of(
                        new Profile.Weighted(Scorers.QUEUE, 4),
                        new Profile.Weighted(Scorers.KV, 1),
                        new Profile.Weighted(Scorers.PREFIX, 2.5)),
                profile.scorers());
        assertEquals(1, config.warnings().size());
    }

    @Test
    void withoutProfilesThereIsOneOfAllThatIsDeclared() {
        RouterConfig config = parse("plugins: [{type: queue-scorer}, {type: decode-filter}, {type: random-picker}]");
        Profile profile = Objects.requireNonNull(config.scheduling().profiles().get("default"));
        assertEquals(List.of(new Profile.Weighted(Scorers.QUEUE, 1)), profile.scorers());
        assertEquals(1, profile.filters().size());
        assertNotEquals(Pickers.HIGHEST, profile.picker());
    }

    @Test
    void presagePolicySaysWhichPolicyDecides() {
        RouterConfig config = parse("""
            plugins:
            - type: queue-scorer
            - type: presage-policy
              parameters:
                policy: learned
                fallback: heuristic
                explorationShare: 0.1
                maxModelAge: 1h30m
            schedulingProfiles:
            - name: default
              plugins:
              - {pluginRef: queue-scorer, weight: 4}
              - pluginRef: presage-policy
            """);
        PolicyConfig policy = config.scheduling().policy();
        assertTrue(policy.ladder().learning());
        assertTrue(policy.scorersDecide());
        assertEquals(new Exploration(0.1, 50, 0.1), policy.exploration());
        assertEquals(Duration.ofMinutes(90), policy.maxModelAge());
        assertEquals(List.of(), config.warnings());
    }

    @Test
    void predictedLatencyIsTheLearnedPolicyAboveTheProfileAndSaysSo() {
        RouterConfig config = parse("""
            plugins:
            - {type: predicted-latency-producer, parameters: {sloBufferFactor: 2, streamingMode: true, contextTTL: 300000000000}}
            - {type: latency-scorer, parameters: {ttftWeight: 0.8}}
            - type: queue-scorer
            schedulingProfiles:
            - name: default
              plugins:
              - pluginRef: predicted-latency-producer
              - pluginRef: latency-scorer
              - pluginRef: queue-scorer
            """);
        PolicyConfig policy = config.scheduling().policy();
        assertEquals(PolicyConfig.Kind.LEARNED, policy.deciding());
        assertEquals(PolicyConfig.Kind.HEURISTIC, policy.fallback());
        assertEquals(new LatencySettings(true, true, 2, ""), config.scheduling().latency());
        assertEquals(1, config.warnings().size());
    }

    @Test
    void oldSpellingsAreMappedWithAWarning() {
        RouterConfig config = parse("""
            plugins:
            - {type: concurrency-detector, parameters: {maxConcurrency: 7}}
            - type: vllmgrpc-parser
            saturationDetector: {pluginRef: concurrency-detector}
            parser: {pluginRef: vllmgrpc-parser}
            featureGates: [haPopulateNonLeaderDatastore=false]
            """);
        assertEquals(List.of("vllmgrpc-parser"), config.parsers());
        assertEquals(new FeatureGates(false, false), config.gates());
        assertNotEquals(Admission.DEFAULT, config.scheduling().detector());
        assertEquals(2, config.warnings().size());
    }

    @Test
    void discoveryAndScrapingAreRead() {
        RouterConfig config = parse("""
            plugins:
            - type: file-discovery
              name: files
              parameters: {path: /etc/epp/endpoints.yaml, watchFile: true}
            - {type: metrics-data-source, parameters: {path: /m, port: 9100, interval: 10ms}}
            - {type: core-metrics-extractor, parameters: {defaultEngine: sglang, engineLabelKey: engine}}
            dataLayer:
              sources: [{pluginRef: metrics-data-source, extractors: [{pluginRef: core-metrics-extractor}]}]
              discovery: {pluginRef: files}
            """);
        assertEquals(
                Optional.of(new EndpointsFileConfig(Path.of("/etc/epp/endpoints.yaml"), true)), config.endpointsFile());
        assertEquals("/m", config.scrape().path());
        assertEquals(9100, config.scrape().port());
        assertEquals(Duration.ofMillis(50), config.scrape().interval());
        assertEquals(Engine.SGLANG.spec(), config.scrape().defaultEngine());
        assertEquals("engine", config.scrape().engineLabel());
        assertEquals(List.of(), config.warnings());
    }

    @Test
    void theOldApiVersionIsTakenWithAWarning() {
        RouterConfig config = RouterConfig.parse(
                "c", "apiVersion: inference.networking.x-k8s.io/v1alpha1\nkind: EndpointPickerConfig\n", false);
        assertEquals(1, config.warnings().size());
    }

    @Test
    void experimentalPluginsMustBeAllowed() {
        String text = HEAD + "plugins:\n- type: utilization-filter\n";
        assertThrows(InvalidDocumentException.class, () -> RouterConfig.parse("c", text, false));
        assertEquals(
                1,
                RouterConfig.parse("c", text, true)
                        .scheduling()
                        .profiles()
                        .values()
                        .iterator()
                        .next()
                        .filters()
                        .size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        plugin: []                               | c line 3: plugin is not a known field
        plugins: [{type: magic-scorer}]          | c line 3: plugins[0].type 'magic-scorer' is not a known plugin type
        plugins: [{type: queue-scorer, a: 1}]    | plugins[0].a is not a known field
        plugins: [{type: queue-scorer, parameters: {a: 1}}] | plugins[0].parameters.a is not a parameter of queue-scorer
        plugins: [{type: queue-scorer}, {type: queue-scorer}] | repeats the plugin name 'queue-scorer'
        plugins: [{name: x}]                     | plugins[0] needs the field type
        plugins: {}                              | plugins must be a list
        featureGates: [dataLayer]                | feature gate 'dataLayer' is unknown or unregistered
        featureGates: [flowControl=maybe]        | must end in =true or =false
        schedulingProfiles: [{plugins: []}]      | schedulingProfiles[0] needs the field name
        schedulingProfiles: [{name: d, plugins: [{pluginRef: x}]}] | refers to 'x', which is not among the plugins
        dataLayer: {discovery: {pluginRef: x}}   | dataLayer.discovery.pluginRef refers to 'x'
        flowControl: {maxByte: 1}                | flowControl.maxByte is not a known field
        plugins: [{type: presage-policy, parameters: {policy: best}}] | must be one of learned, fleet-lmetric, lmetric, heuristic, is 'best'
        plugins: [{type: presage-policy, parameters: {objective: cheap}}] | must be one of own-latency, own-reply, fleet-latency, is 'cheap'
        plugins: [{type: presage-policy, parameters: {explorationShare: 0.6}}] | must be within 0.0..0.5, is 0.6
        plugins: [{type: presage-policy, parameters: {maxModelAge: soon}}] | must be a duration such as 30s
        plugins: [{type: metrics-data-source, parameters: {scheme: ftp}}] | must be one of http, https, is 'ftp'
        plugins: [{type: core-metrics-extractor, parameters: {engineConfigs: [{name: x}]}}] | c line 3: plugins[0].parameters.engineConfigs[0] engine x must have a metric
        plugins: [{type: core-metrics-extractor, parameters: {engineConfigs: [{name: x, kvUsageSpec: "a{b"}]}}] | engineConfigs[0].kvUsageSpec metric spec 'a{b' must be
        plugins: [{type: core-metrics-extractor, parameters: {engineConfigs: [{name: x, kvSpec: a}]}}] | kvSpec is not a known field
        plugins: [{type: core-metrics-extractor, parameters: {defaultEngine: x}}] | must be one of vllm, sglang
        plugins: [{type: presage-policy, parameters: {targetConfidence: 1}}] | plugins[0].parameters.targetConfidence
        plugins: [{type: presage-policy, parameters: {placement: anywhere}}] | must be one of cheapest, pack, spread, is 'anywhere'
        plugins: [{type: presage-policy, parameters: {maxModelAge: 0s}}] | plugins[0].parameters.maxModelAge must be more than 0
        plugins: [{type: file-discovery}] ;; dataLayer: {discovery: {pluginRef: file-discovery}} | line 3: plugins[0].type file-discovery needs the parameter path
        plugins: [{type: queue-scorer}] ;; dataLayer: {discovery: {pluginRef: queue-scorer}} | which is no discovery
        plugins: [{type: queue-scorer}] ;; requestHandler: {parsers: [{pluginRef: queue-scorer}]} | which is no parser
        plugins: [{type: queue-scorer}] ;; saturationDetector: {pluginRef: queue-scorer} | cannot serve as saturation detector
        plugins: [{type: single-profile-handler}, {type: disagg-profile-handler}] | has 2 profile handlers
        plugins: [{type: disagg-profile-handler}] | needs a scheduling profile 'decode'
        plugins: [{type: disagg-profile-handler, parameters: {deciders: {prefill: x}}}] | deciders.prefill refers to 'x'
        plugins: [{type: disagg-profile-handler, parameters: {stageOrder: any}}] | must be one of decode-first, prefill-first, is 'any'
        plugins: [{type: disagg-profile-handler, parameters: {stageOrder: decode-first, primaryPort: 1}}] | primaryPort is not a parameter of disagg-profile-handler
        plugins: [{name: d, type: disagg-profile-handler, parameters: {deciders: {prefill: d}}}] | refers to itself
        schedulingProfiles: [{name: a}, {name: b}] | are several, so the plugins need a profile handler
        schedulingProfiles: [{name: a}, {name: a}] | schedulingProfiles[1] repeats the profile name 'a'
        plugins: [{type: random-picker}, {type: max-score-picker}] ;; schedulingProfiles: [{name: a, plugins: [{pluginRef: random-picker}, {pluginRef: max-score-picker}]}] | is the second picker of its profile
        plugins: [{type: prefix-cache-affinity-filter, parameters: {ttftSource: guess}}] | must be one of prefillThroughput, latencyPredictor, is 'guess'
        plugins: [{type: slo-headroom-tier-filter, parameters: {epsilonExploreNeg: 2}}] | must be within 0.0..1.0, is 2
        plugins: [{type: label-selector-filter, parameters: {matchExpressions: [{key: k, operator: Like}]}}] | must be one of In, NotIn, Exists, DoesNotExist
        plugins: [{type: label-selector-filter, parameters: {matchExpressions: [{key: k, operator: In}]}}] | In needs values
        plugins: [{type: by-label}] | by-label needs the parameter label
        plugins: [{type: predicted-latency-producer, parameters: {contextTTL: soon}}] | must be a duration
        flowControl: {priorityBands: [{priority: high}]} | flowControl.priorityBands[0].priority must be a whole number
        flowControl: {maxBytes: lots} | must be a count or a size
        flowControl: {priorityBands: [{priority: 1}, {priority: 1}]} | repeats the band of priority 1
        flowControl: {defaultRequestTTL: -1s} | must be a duration
        flowControl: {defaultPriorityBand: {fairnessPolicyRef: fair}} | refers to 'fair', which is not among the plugins
        plugins: [{type: edf-ordering-policy}] ;; flowControl: {defaultPriorityBand: {fairnessPolicyRef: edf-ordering-policy}} | cannot serve as fairness
        plugins: [{type: weighted-deficit-fairness-policy, parameters: {weights: {a: 0}}}] | parameters.weights.a must be within
        """)
    void whatIsWrongIsNamedWithItsLine(String line, String expected) {
        var refusal = assertThrows(InvalidDocumentException.class, () -> parse(line.replace(" ;; ", "\n")));
        assertTrue(refusal.toString().contains(expected), refusal.toString());
    }

    @Test
    void flowControlIsReadWithItsDefaults() {
        FlowSettings plain = parse("featureGates: [flowControl]").flow().orElseThrow();
        assertEquals(FlowSettings.DEFAULT, plain);
        assertEquals(Optional.empty(), parse("flowControl: {maxBytes: 1}").flow());
        FlowSettings settings = parse("""
            featureGates: [flowControl=true]
            plugins:
            - type: weighted-deficit-fairness-policy
              parameters: {weights: {gold: 3}, defaultWeight: 0.5}
            - {type: static-usage-limit-policy, parameters: {threshold: 0.9}}
            - type: predicted-finish-ordering-policy
            - type: predicted-latency-detector
            flowControl:
              maxBytes: 2Gi
              maxRequests: 0
              defaultRequestTTL: 30s
              usageLimitPolicyPluginRef: static-usage-limit-policy
              saturationDetector: {pluginRef: predicted-latency-detector}
              enableEviction: true
              defaultPriorityBand: {maxRequests: 1k, orderingPolicyRef: edf-ordering-policy}
              priorityBands:
              - priority: 10
                maxBytes: 1e6
                fairnessPolicyRef: weighted-deficit-fairness-policy
                orderingPolicyRef: predicted-finish-ordering-policy
            """).flow().orElseThrow();
        BandSettings other = new BandSettings(new Limits(1_000, Limits.BAND.maxBytes()), Fairness.STRICT, Ordering.EDF);
        assertEquals(
                new FlowSettings(
                        new Limits(Long.MAX_VALUE, 2L << 30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Map.of(
                                10,
                                new BandSettings(
                                        new Limits(Limits.BAND.maxRequests(), 1_000_000),
                                        new Fairness.WeightedDeficit(Map.of("gold", 3.0), 0.5),
                                        Ordering.PREDICTED_FINISH)),
                        other,
                        other,
                        new Ceilings.Same(0.9),
                        true),
                settings);
    }

    @Test
    void configuredEnginesAndTlsReachTheScraper() {
        RouterConfig config = parse("""
            plugins:
            - type: metrics-data-source
              parameters: {scheme: https, insecureSkipVerify: false, caCertPath: /ca.pem}
            - type: core-metrics-extractor
              parameters:
                defaultEngine: own
                engineConfigs:
                - name: own
                  queuedRequestsSpec: 'q{kind=wait}'
                  runningRequestsSpec: 'q{kind="run"}'
                  kvUsageSpec: ''
                  cacheInfoSpec: info
                  cacheBlockSizeLabelName: size
                  cacheNumBlocksLabelName: count
                  customMetrics: [{attributeKey: heat, metricSpec: gpu_heat}]
                - name: vllm
                  queuedRequestsSpec: fork_waiting
            """);
        assertEquals(List.of(), config.warnings());
        var own = config.scrape().defaultEngine();
        assertEquals("own", own.name());
        assertEquals(
                List.of(new MetricSpec("q", Map.of("kind", "run"))),
                own.metrics().get(Role.RUNNING));
        assertEquals(
                Set.of(Role.WAITING, Role.RUNNING, Role.CACHE_INFO),
                own.metrics().keySet());
        assertEquals(Map.of("heat", new MetricSpec("gpu_heat", Map.of())), own.attributes());
        assertEquals(2, config.scrape().engines().size());
        assertEquals(
                Optional.of(new ScrapeTls(false, Optional.of(Path.of("/ca.pem")), Optional.empty(), Optional.empty())),
                config.scrape().tls());
    }

    @Test
    void enginesAreAskedForTheirModelsIfASourceSaysSo() {
        assertEquals(Optional.empty(), parse("").scrape().models());
        RouterConfig config = parse("""
            plugins:
            - type: models-data-source
              parameters: {scheme: https, path: /api/models, port: 8443, interval: 1s}
            - type: models-data-extractor
            dataLayer:
              sources: [{pluginRef: models-data-source, extractors: [{pluginRef: models-data-extractor}]}]
            """);
        assertEquals(List.of(), config.warnings());
        assertEquals(
                Optional.of(new ModelsSettings(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        "/api/models",
                        8443,
                        Optional.of(new ScrapeTls(true, Optional.empty(), Optional.empty(), Optional.empty())))),
                config.scrape().models());
        assertEquals(
                Optional.of(ModelsSettings.DEFAULT),
                parse("plugins: [{type: models-data-source}]").scrape().models());
        for (String wrong : List.of(
                "plugins: [{type: models-data-extractor}]",
                "plugins: [{type: models-data-source, parameters: {path: models}}]",
                "plugins: [{type: models-data-source, parameters: {interval: 2h}}]",
                "plugins: [{type: models-data-source, parameters: {scheme: ftp}}]")) {
            assertTrue(
                    assertThrows(InvalidDocumentException.class, () -> parse(wrong))
                            .toString()
                            .contains("line 3"),
                    wrong);
        }
    }

    private static RouterConfig parse(String rest) {
        return RouterConfig.parse("c", HEAD + rest, false);
    }
}
