package dev.presage.router.config;

import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One declared plugin.
 *
 * @param parameters its parameters by name; only names that its type knows
 */
record Plugin(String name, PluginType type, Map<String, YamlNode> parameters) {
    private static final String ANY = "*";

    /** Reads the list of plugins; every error names its line. */
    static Map<String, Plugin> read(List<YamlNode> items, boolean allowExperimental) {
        Map<String, Plugin> plugins = new LinkedHashMap<>();
        for (YamlNode item : items) {
            Plugin plugin = read(item, allowExperimental);
            if (plugins.put(plugin.name(), plugin) != null) {
                throw item.error("repeats the plugin name '" + plugin.name() + "'");
            }
        }
        return plugins;
    }

    private static Plugin read(YamlNode item, boolean allowExperimental) {
        YamlMapping fields = item.mapping();
        YamlNode typeNode = fields.required("type");
        String typeName = typeNode.text();
        PluginType type = PluginType.of(typeName)
                .orElseThrow(() -> typeNode.error("'" + typeName + "' is not a known plugin type"));
        if (type.alpha() && !allowExperimental) {
            throw typeNode.error("'" + typeName + "' is experimental and needs --allow-experimental-plugins");
        }
        String name = fields.optional("name").map(YamlNode::text).orElse(typeName);
        Map<String, YamlNode> parameters =
                fields.optional("parameters").map(node -> node.mapping().rest()).orElse(Map.of());
        fields.finish();
        parameters.forEach((key, value) -> {
            if (!type.parameters().contains(key) && !type.parameters().contains(ANY)) {
                throw value.error("is not a parameter of " + typeName);
            }
        });
        return new Plugin(name, type, parameters);
    }

    boolean is(String typeName) {
        return type.name().equals(typeName);
    }

    Optional<YamlNode> parameter(String key) {
        return Optional.ofNullable(parameters.get(key)).filter(node -> !node.isNull());
    }
}
