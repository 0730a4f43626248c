package dev.presage.router.config;

import dev.presage.router.plugin.PluginType;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.Map;
import java.util.Optional;

/**
 * One plugin as it was declared.
 *
 * @param node where, for errors about the whole of it
 * @param parameters by name
 */
record Declaration(String name, PluginType type, YamlNode node, Map<String, YamlNode> parameters) {
    static Declaration read(YamlNode item, boolean allowExperimental) {
        YamlMapping fields = item.mapping();
        YamlNode typeNode = fields.required("type");
        String typeName = typeNode.text();
        PluginType type = PluginCatalog.of(typeName)
                .orElseThrow(() -> typeNode.error("'" + typeName + "' is not a known plugin type"));
        if (type.alpha() && !allowExperimental) {
            throw typeNode.error("'" + typeName + "' is experimental and needs --allow-experimental-plugins");
        }
        String name = fields.optional("name").map(YamlNode::text).orElse(typeName);
        Map<String, YamlNode> parameters =
                fields.optional("parameters").map(node -> node.mapping().rest()).orElse(Map.of());
        fields.finish();
        return new Declaration(name, type, typeNode, parameters);
    }

    boolean is(String typeName) {
        return type.name().equals(typeName);
    }

    Optional<YamlNode> parameter(String key) {
        return Optional.ofNullable(parameters.get(key)).filter(node -> !node.isNull());
    }
}
