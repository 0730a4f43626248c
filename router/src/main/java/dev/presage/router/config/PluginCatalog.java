package dev.presage.router.config;

import dev.presage.router.flow.FlowPlugins;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.PluginType;
import dev.presage.router.plugin.admit.Admission;
import dev.presage.router.plugin.filter.Filters;
import dev.presage.router.plugin.picker.Pickers;
import dev.presage.router.plugin.profile.ProfileHandlers;
import dev.presage.router.plugin.report.Reports;
import dev.presage.router.plugin.scorer.Scorers;
import dev.presage.router.plugin.session.Sessions;
import dev.presage.router.request.MediaEstimate;
import dev.presage.router.yaml.YamlNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All plugin types that a configuration may name: the scheduling ones where they are implemented, the others here, one a line. */
final class PluginCatalog {
    static final String POLICY = "presage-policy";
    static final String FILE_DISCOVERY = "file-discovery";
    static final String METRICS_SOURCE = "metrics-data-source";
    static final String METRICS_EXTRACTOR = "core-metrics-extractor";
    static final String MODELS_SOURCE = "models-data-source";
    static final String MODELS_EXTRACTOR = "models-data-extractor";
    static final String PREDICTED_LATENCY = "predicted-latency-producer";
    static final String LATENCY_SCORER = "latency-scorer";
    static final String PARSER = "-parser";

    private static final String APPROXIMATE = "is replaced by the approximate prefix index; KV events are not read";
    private static final String UNSUPPORTED = "has no effect: it is experimental and not supported";

    /** Of sources that fetch a page from each endpoint. */
    private static final String[] PAGE_PARAMETERS = {
        "scheme", "path", "port", "insecureSkipVerify", "caCertPath", "clientCertPath", "clientKeyPath", "interval"
    };

    private static final Map<String, PluginType> TYPES = Stream.of(
                    Filters.types(),
                    Scorers.types(),
                    Pickers.types(),
                    ProfileHandlers.types(),
                    Admission.types(),
                    Sessions.types(),
                    Reports.types(),
                    Stream.of(PluginType.of(POLICY, PolicyReader::own)),
                    producers().stream(),
                    requestControl().stream(),
                    dataLayer().stream(),
                    FlowPlugins.types(),
                    parsers())
            .flatMap(types -> types)
            .collect(Collectors.toMap(
                    PluginType::name,
                    type -> type,
                    (first, second) -> {
                        throw new IllegalStateException("plugin type " + first.name() + " is listed twice");
                    },
                    LinkedHashMap::new));

    private PluginCatalog() {}

    static Optional<PluginType> of(String name) {
        return Optional.ofNullable(TYPES.get(name));
    }

    /** All of them, in no particular order. */
    static Stream<PluginType> all() {
        return TYPES.values().stream();
    }

    private static List<PluginType> producers() {
        return List.of(
                PluginType.of(PREDICTED_LATENCY, PluginCatalog::predictedLatency),
                PluginType.of("approx-prefix-cache-producer", PrefixSettings::read),
                PluginType.mapped(
                        "precise-prefix-cache-producer",
                        APPROXIMATE,
                        "tokenProcessorConfig",
                        "indexerConfig",
                        "kvEventsConfig",
                        "speculativeIndexing",
                        "speculativeTTL"),
                PluginType.of("token-producer", PluginCatalog::tokens),
                PluginType.of("tokenizer", PluginCatalog::tokens),
                PluginType.of("inflight-load-producer", PluginCatalog::inFlight),
                PluginType.mapped(
                        "mm-embeddings-cache-producer",
                        "is replaced by the approximate prefix index",
                        "cacheSizeInMBPerServer"),
                PluginType.mapped(
                        "session-id-producer",
                        "has no effect: session affinity reads the header itself, see its sessionIdConfig",
                        "headerName",
                        "cookieName"),
                PluginType.mapped("burst-prefix-cache-producer", APPROXIMATE, "*")
                        .experimental(),
                PluginType.mapped("p2p-source-producer", UNSUPPORTED, "*").experimental(),
                PluginType.mapped("multicluster-approx-prefix-cache-producer", APPROXIMATE, "*")
                        .experimental());
    }

    private static List<PluginType> requestControl() {
        return List.of(
                PluginType.mapped("disaggregatedset-rollout-screener", UNSUPPORTED, "*")
                        .experimental(),
                PluginType.mapped("agent-identity", UNSUPPORTED, "*").experimental());
    }

    private static List<PluginType> dataLayer() {
        return List.of(
                PluginType.builtIn(FILE_DISCOVERY, "path", "watchFile"),
                PluginType.builtIn(METRICS_SOURCE, PAGE_PARAMETERS),
                PluginType.builtIn(METRICS_EXTRACTOR, "engineLabelKey", "defaultEngine", "engineConfigs"),
                PluginType.of("k8s-notification-source", PluginCatalog::unread),
                PluginType.of("endpoint-notification-source", PluginCatalog::unread),
                PluginType.builtIn(MODELS_SOURCE, PAGE_PARAMETERS),
                PluginType.builtIn(MODELS_EXTRACTOR),
                PluginType.mapped("dcgm-data-source", UNSUPPORTED, "*").experimental(),
                PluginType.mapped("dcgm-extractor", UNSUPPORTED, "*").experimental(),
                PluginType.mapped("topology-extractor", UNSUPPORTED, "*").experimental(),
                PluginType.mapped("multicluster-metrics-data-source", UNSUPPORTED, "*")
                        .experimental(),
                PluginType.mapped("multicluster-metrics-extractor", UNSUPPORTED, "*")
                        .experimental(),
                PluginType.mapped("multicluster-file-discovery", UNSUPPORTED, "*")
                        .experimental());
    }

    private static Mentioned unread(Parameters given) {
        given.taken("*");
        return Mentioned.HERE;
    }

    private static Stream<PluginType> parsers() {
        return Stream.of("openai", "anthropic", "vllmhttp", "sglanghttp", "vllmgrpc", "vertexai", "passthrough")
                .map(name -> PluginType.builtIn(name + PARSER));
    }

    private static LatencySettings predictedLatency(Parameters given) {
        given.taken("samplingMean", "maxDecodeTokenSamplesForPrediction");
        given.optional("contextTTL").ifPresent(YamlNode::nanosOrDuration);
        if (given.flag("useEncoderCacheFeatures", false)) {
            given.warn("does not look at encoder caches");
        }
        given.producers("prefixMatchInfoProducerName", "inFlightLoadProducerName", "encoderCacheMatchInfoProducerName");
        return new LatencySettings(
                given.flag("predictInProduce", true),
                given.flag("streamingMode", false),
                given.number("sloBufferFactor", 1e-6, 1e6, 1),
                given.text("endpointRoleLabel", ""));
    }

    private static MediaEstimateReader.Configured tokens(Parameters given) {
        if (given.mentions("vllm")) {
            given.warn("estimates tokens; the engine's render endpoint is not called");
        }
        given.taken("modelName", "udsTokenizerConfig");
        return new MediaEstimateReader.Configured(
                given.optional("estimate").map(MediaEstimateReader::read).orElse(MediaEstimate.DEFAULT));
    }

    private static Mentioned inFlight(Parameters given) {
        if (given.flag("addEstimatedOutputTokens", false)) {
            given.warn("counts output tokens as they come instead of estimating them");
        }
        given.taken("outputRatio", "maxEstimatedOutputTokens", "syncCrossReplicaState");
        given.producers("prefixMatchInfoProducerName");
        return Mentioned.HERE;
    }
}
