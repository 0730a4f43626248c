package dev.presage.router.config;

import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the section {@code dataLayer}: where endpoints come from, and that what it names exists. */
record DataLayerReader(Plugins plugins, List<String> warnings) {
    Optional<EndpointsFileConfig> read(YamlNode node) {
        YamlMapping fields = node.mapping();
        fields.optional("injectDefaults").ifPresent(YamlNode::bool);
        fields.optional("sources").map(YamlNode::items).orElse(List.of()).forEach(this::source);
        Optional<EndpointsFileConfig> discovery = fields.optional("discovery").map(this::endpointsFile);
        fields.optional("peerDiscovery").ifPresent(value -> {
            plugins.declared(reference(value));
            withoutEffect(value);
        });
        fields.optional("crossReplicaSyncerPluginRef").ifPresent(value -> {
            plugins.declared(value);
            withoutEffect(value);
        });
        fields.optional("crossReplicaSyncInterval").ifPresent(value -> {
            value.nanosOrDuration();
            withoutEffect(value);
        });
        fields.finish();
        return discovery;
    }

    private void withoutEffect(YamlNode node) {
        warnings.add(node.path() + " has no effect: routers tell each other of their requests with --share-in-flight");
    }

    private void source(YamlNode node) {
        YamlMapping fields = node.mapping();
        plugins.declared(fields.required("pluginRef"));
        fields.optional("extractors")
                .map(YamlNode::items)
                .orElse(List.of())
                .forEach(extractor -> plugins.declared(reference(extractor)));
        fields.finish();
    }

    /** Of a mapping with nothing but a reference. */
    static YamlNode reference(YamlNode node) {
        YamlMapping fields = node.mapping();
        YamlNode reference = fields.required("pluginRef");
        fields.finish();
        return reference;
    }

    private EndpointsFileConfig endpointsFile(YamlNode node) {
        YamlNode reference = reference(node);
        Declaration plugin = plugins.declared(reference);
        if (!plugin.is(PluginCatalog.FILE_DISCOVERY)) {
            throw reference.error("refers to a plugin of type " + plugin.type().name() + ", which is no discovery");
        }
        String path = plugin.parameter("path")
                .map(YamlNode::text)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> plugin.node().error("file-discovery needs the parameter path"));
        boolean watch = plugin.parameter("watchFile").map(YamlNode::bool).orElse(false);
        return new EndpointsFileConfig(Path.of(path), watch);
    }
}
