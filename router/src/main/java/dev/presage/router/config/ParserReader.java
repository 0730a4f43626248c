package dev.presage.router.config;

import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.List;
import java.util.Optional;

/** Reads which parsers read requests, by type and in order. */
record ParserReader(Plugins plugins, List<String> warnings) {
    List<String> read(YamlMapping root) {
        Optional<List<String>> listed = root.optional("requestHandler").flatMap(node -> {
            YamlMapping fields = node.mapping();
            Optional<List<YamlNode>> items = fields.optional("parsers").map(YamlNode::items);
            fields.finish();
            return items.map(list -> list.stream().map(this::parser).toList());
        });
        Optional<YamlNode> old = root.optional("parser");
        old.ifPresent(node -> warnings.add("parser is deprecated, use requestHandler.parsers"));
        return listed.filter(list -> !list.isEmpty())
                .or(() -> old.map(node -> List.of(parser(node))))
                .orElse(RouterConfig.PARSERS);
    }

    private String parser(YamlNode node) {
        YamlNode reference = DataLayerReader.reference(node);
        String type = plugins.declared(reference).type().name();
        if (!type.endsWith(PluginCatalog.PARSER)) {
            throw reference.error("refers to a plugin of type " + type + ", which is no parser");
        }
        return type;
    }
}
