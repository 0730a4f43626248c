package dev.presage.router.config;

import dev.presage.router.scrape.EngineSpec;
import dev.presage.router.scrape.MetricSpec;
import dev.presage.router.scrape.Role;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads {@code engineConfigs} of the core metrics extractor: where engines of the operator's own show their load. */
final class EngineConfigReader {
    private static final Map<String, Role> SPECS = new TreeMap<>(Map.of(
            "queuedRequestsSpec", Role.WAITING,
            "runningRequestsSpec", Role.RUNNING,
            "kvUsageSpec", Role.KV_USAGE,
            "loraSpec", Role.LORA,
            "cacheInfoSpec", Role.CACHE_INFO,
            "cacheBlockSizeSpec", Role.BLOCK_SIZE,
            "cacheNumBlocksSpec", Role.BLOCKS));

    private EngineConfigReader() {}

    static List<EngineSpec> read(YamlNode list) {
        List<EngineSpec> engines = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlNode item : list.items()) {
            EngineSpec engine = engine(item);
            if (!names.add(engine.name())) {
                throw item.error("names the engine '" + engine.name() + "' a second time");
            }
            engines.add(engine);
        }
        return engines;
    }

    private static EngineSpec engine(YamlNode item) {
        YamlMapping fields = item.mapping();
        String name = fields.required("name").text();
        Map<Role, List<MetricSpec>> metrics = new EnumMap<>(Role.class);
        SPECS.forEach(
                (field, role) -> spec(fields.optional(field)).ifPresent(spec -> metrics.put(role, List.of(spec))));
        String blockSizeLabel = text(fields, "cacheBlockSizeLabelName");
        String blocksLabel = text(fields, "cacheNumBlocksLabelName");
        Map<String, MetricSpec> attributes = attributes(fields.optional("customMetrics"));
        fields.finish();
        try {
            return new EngineSpec(name, metrics, blockSizeLabel, blocksLabel, attributes);
        } catch (IllegalArgumentException e) {
            throw item.error(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, MetricSpec> attributes(Optional<YamlNode> list) {
        Map<String, MetricSpec> attributes = new HashMap<>();
        for (YamlNode item : list.map(YamlNode::items).orElse(List.of())) {
            YamlMapping fields = item.mapping();
            String key = fields.required("attributeKey").text();
            MetricSpec spec = spec(Optional.of(fields.required("metricSpec")))
                    .orElseThrow(() -> item.error("needs a metricSpec"));
            fields.finish();
            if (attributes.put(key, spec) != null) {
                throw item.error("names the attribute '" + key + "' a second time");
            }
        }
        return attributes;
    }

    private static String text(YamlMapping fields, String name) {
        return fields.optional(name).map(YamlNode::text).orElse("");
    }

    /** An empty spec means that the engine does not have it. */
    private static Optional<MetricSpec> spec(Optional<YamlNode> node) {
        return node.filter(it -> !it.takes("name or name{label=value}, empty for none")
                        .text()
                        .isBlank())
                .map(it -> {
                    try {
                        return MetricSpec.parse(it.text());
                    } catch (IllegalArgumentException e) {
                        throw it.error(String.valueOf(e.getMessage()));
                    }
                });
    }
}
