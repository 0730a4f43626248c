package dev.presage.router.plugin.scorer;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.PluginType;
import dev.presage.router.plugin.Scorer;
import java.util.List;
import java.util.stream.Stream;

/** The scorer types that a configuration may name, and those of the contract's default profile. */
public final class Scorers {
    public static final Scorer QUEUE = new SpreadScorer(Feature.WAITING);
    public static final Scorer KV = new KvScorer();
    public static final Scorer PREFIX = PrefixScorer.SHARE;

    private static final int MAX_REMEMBERED = 1 << 20;

    private Scorers() {}

    public static Stream<PluginType> types() {
        return Stream.of(supported(), mapped(), experimental()).flatMap(List::stream);
    }

    private static List<PluginType> supported() {
        return List.of(
                PluginType.of("queue-scorer", given -> QUEUE),
                PluginType.of("running-requests-size-scorer", given -> new SpreadScorer(Feature.RUNNING)),
                PluginType.of("kv-cache-utilization-scorer", given -> KV),
                PluginType.of("prefix-cache-scorer", PrefixScorer::read),
                PluginType.of("lora-affinity-scorer", given -> new LoraScorer()),
                PluginType.of("latency-scorer", LatencyScorer::read),
                PluginType.of("active-request-scorer", ActiveRequestScorer::read),
                PluginType.of("token-load-scorer", TokenLoadScorer::read),
                PluginType.of(
                        "load-aware-scorer", given -> new LoadAwareScorer(given.number("threshold", 1, 1e9, 128))),
                PluginType.of("no-hit-lru-scorer", Scorers::noHitLru),
                PluginType.of("context-length-aware", ContextLengthScorer::read));
    }

    private static List<PluginType> mapped() {
        return List.of(
                PluginType.of("precise-prefix-cache-scorer", given -> {
                    given.taken(
                            "tokenProcessorConfig",
                            "indexerConfig",
                            "kvEventsConfig",
                            "speculativeIndexing",
                            "speculativeTTL",
                            "prefixMatchInfoProducerName");
                    given.warn("scores by the approximate prefix index; KV events are not read");
                    return PREFIX;
                }),
                PluginType.of("mm-embeddings-cache-scorer", given -> {
                    given.producers("producerName");
                    given.warn("scores by the approximate prefix index; embeddings are not indexed apart");
                    return PREFIX;
                }));
    }

    private static List<PluginType> experimental() {
        return List.of(
                PluginType.alpha(
                        "header-label-affinity-scorer",
                        given -> new HeaderLabelScorer(given.required("headerName"), given.required("labelKey"))),
                PluginType.alpha("multicluster-queue-scorer", given -> local(given, QUEUE)),
                PluginType.alpha("multicluster-kv-cache-utilization-scorer", given -> local(given, KV)),
                PluginType.alpha("multicluster-prefix-cache-scorer", given -> local(given, PREFIX)),
                unsupported("topology-affinity-scorer"),
                unsupported("endpoint-attribute-scorer"));
    }

    private static PluginType unsupported(String name) {
        return PluginType.mapped(name, "scores nothing: it is experimental and not supported", "*")
                .experimental();
    }

    private static Scorer local(Parameters given, Scorer scorer) {
        given.taken("*");
        given.warn("scores this cluster's endpoints only");
        return scorer;
    }

    private static Scorer noHitLru(Parameters given) {
        given.producers("prefixMatchInfoProducerName");
        return new NoHitLruScorer(given.integer("lruSize", 1, MAX_REMEMBERED, 1024));
    }
}
