package dev.presage.router.discovery.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.bbr.BaseModels;
import dev.presage.router.bbr.ConfigMapEntries;
import dev.presage.router.discovery.DiscoveryListener;
import org.junit.jupiter.api.Test;

/** What body-based routing learns from the ConfigMaps of an API server. */
class ConfigMapsTest {
    private static final String LABEL = "inference.networking.k8s.io/bbr-managed";

    private final BaseModels bases = new BaseModels();

    @Test
    void labelledConfigMapsAreFollowed() {
        try (ApiServer server = new ApiServer()) {
            put(server, "llama", "true", "baseModel: llama", "adapters: \"[ski, movie]\"");
            put(server, "other", "false", "baseModel: qwen");
            try (ApiClient client = server.connect(DiscoveryListener.NONE);
                    ConfigMaps followed = follow(client)) {
                Following.until("listed", () -> bases.of("ski").equals("llama"));
                assertEquals("llama", bases.of("movie"));
                assertEquals("", bases.of("qwen"), "not labelled");
                put(server, "llama", "true", "baseModel: llama", "adapters: \"[surf]\"");
                Following.until("changed", () -> bases.of("surf").equals("llama"));
                assertEquals("", bases.of("ski"));
                server.delete(ApiKind.CONFIG_MAP, "llama");
                Following.until("deleted", () -> bases.of("llama").isEmpty());
            }
        }
    }

    @Test
    void oneThatCannotBeReadKeepsWhatItSaid() {
        try (ApiServer server = new ApiServer()) {
            put(server, "llama", "true", "baseModel: llama", "adapters: \"[ski]\"");
            try (ApiClient client = server.connect(DiscoveryListener.NONE);
                    ConfigMaps followed = follow(client)) {
                Following.until("listed", () -> bases.of("ski").equals("llama"));
                put(server, "llama", "true", "adapters: \"[surf]\"");
                put(server, "qwen", "true", "baseModel: qwen", "adapters: \"{chess: 1}\"");
                put(server, "phi", "true", "baseModel: phi");
                Following.until("the next one", () -> bases.of("phi").equals("phi"));
                assertEquals("llama", bases.of("ski"));
                assertEquals("", bases.of("surf"));
                assertEquals("", bases.of("qwen"));
            }
        }
    }

    private ConfigMaps follow(ApiClient client) {
        return ConfigMaps.follow(
                client,
                ApiServer.NAMESPACE,
                LABEL,
                "true",
                new ConfigMapEntries(bases)::replace,
                DiscoveryListener.NONE);
    }

    private static void put(ApiServer server, String name, String labelled, String... data) {
        server.put(ApiKind.CONFIG_MAP, """
                metadata: {name: %s, labels: {%s: "%s"}}
                data: {%s}
                """.formatted(name, LABEL, labelled, String.join(", ", data)));
    }
}
