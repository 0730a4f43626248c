package dev.presage.router.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A plugin type of the contract.
 *
 * @param alpha only with experimental plugins allowed
 * @param parameters names that its parameters may have
 * @param effect what comes of it here; empty when exactly what is asked for
 */
record PluginType(String name, boolean alpha, Set<String> parameters, String effect) {
    static final String POLICY = "presage-policy";
    static final String FILE_DISCOVERY = "file-discovery";
    static final String METRICS_SOURCE = "metrics-data-source";
    static final String METRICS_EXTRACTOR = "core-metrics-extractor";
    static final String QUEUE = "queue-scorer";
    static final String KV = "kv-cache-utilization-scorer";
    static final String PREFIX = "prefix-cache-scorer";
    static final Set<String> PREDICTED = Set.of("predicted-latency-producer", "latency-scorer");

    private static final Map<String, PluginType> TYPES = PluginCatalog.read()
            .collect(Collectors.toMap(PluginType::name, type -> type, (first, second) -> first, LinkedHashMap::new));

    static Optional<PluginType> of(String name) {
        return Optional.ofNullable(TYPES.get(name));
    }

    static PluginType of(String name, boolean alpha, String effect, String... parameters) {
        return new PluginType(name, alpha, Arrays.stream(parameters).collect(Collectors.toUnmodifiableSet()), effect);
    }
}
