package dev.presage.testbed.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The profiles of the bundled {@code engine-profiles.json}, read once. */
final class BundledProfiles {
    private static final String RESOURCE = "/dev/presage/testbed/data/engine-profiles.json";
    private static final Map<String, EngineProfile> PROFILES = read();

    private BundledProfiles() {}

    static EngineProfile named(String name) {
        EngineProfile profile = PROFILES.get(name);
        if (profile == null) {
            throw new IllegalArgumentException("no engine profile '" + name + "', known are " + PROFILES.keySet());
        }
        return profile;
    }

    static List<String> names() {
        return List.copyOf(PROFILES.keySet());
    }

    private static Map<String, EngineProfile> read() {
        Map<String, EngineProfile> profiles = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(
                BundledProfiles.class.getResourceAsStream(RESOURCE), "resource " + RESOURCE + " is missing")) {
            for (JsonNode node : new ObjectMapper().readTree(in)) {
                EngineProfile profile = profile(node);
                profiles.put(profile.name(), profile);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + RESOURCE, e);
        }
        return profiles;
    }

    private static EngineProfile profile(JsonNode node) {
        return new EngineProfile(
                node.required("name").asText(),
                node.required("hardware").asText(),
                node.required("model").asText(),
                node.required("tensor_parallel").asInt(),
                numbers(node.required("batch_tokens")).mapToInt(JsonNode::asInt).toArray(),
                numbers(node.required("linear_step_ms"))
                        .mapToDouble(JsonNode::asDouble)
                        .toArray(),
                node.required("layers").asInt(),
                node.required("hidden_size").asInt(),
                node.required("kv_bytes_per_token").asLong(),
                node.required("hbm_bytes_per_s").asDouble(),
                node.required("peak_flops").asDouble(),
                node.required("kv_capacity_tokens").asInt());
    }

    private static Stream<JsonNode> numbers(JsonNode array) {
        return array.valueStream();
    }
}
