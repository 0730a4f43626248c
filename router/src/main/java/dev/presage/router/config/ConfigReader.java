package dev.presage.router.config;

import dev.presage.router.scrape.ScrapeSettings;
import dev.presage.router.yaml.InvalidDocumentException;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one EndpointPickerConfig. Used once, by one thread. */
final class ConfigReader {
    private static final String API = "llm-d.ai/v1alpha1";
    private static final String OLD_API = "inference.networking.x-k8s.io/v1alpha1";
    private static final Set<String> GATES = Set.of("flowControl", "haPopulateNonLeaderDatastore");
    private static final Set<String> FLOW_CONTROL = Set.of(
            "maxBytes",
            "maxRequests",
            "defaultRequestTTL",
            "noEndpointRequestTTL",
            "defaultPriorityBand",
            "defaultNegativePriorityBand",
            "priorityBands",
            "usageLimitPolicyPluginRef",
            "saturationDetector",
            "enableEviction");

    private final boolean allowExperimental;
    private final List<String> warnings = new ArrayList<>();
    private Map<String, Plugin> plugins = Map.of();

    ConfigReader(boolean allowExperimental) {
        this.allowExperimental = allowExperimental;
    }

    RouterConfig read(YamlNode document) {
        YamlMapping root = document.mapping();
        header(root);
        root.optional("featureGates").ifPresent(this::featureGates);
        plugins = Plugin.read(root.optional("plugins").map(YamlNode::items).orElse(List.of()), allowExperimental);
        plugins.values().stream()
                .filter(plugin -> !plugin.type().effect().isEmpty())
                .forEach(plugin -> warnings.add(
                        "plugin " + plugin.type().name() + " " + plugin.type().effect()));
        List<Profile> profiles = root.optional("schedulingProfiles").map(YamlNode::items).orElse(List.of()).stream()
                .map(item -> Profile.read(item, plugins))
                .toList();
        Optional<EndpointsFileConfig> discovery = root.optional("dataLayer").flatMap(this::dataLayer);
        root.optional("flowControl").ifPresent(this::flowControl);
        root.optional("requestHandler").ifPresent(this::requestHandler);
        root.optional("saturationDetector").ifPresent(node -> withoutEffect("saturationDetector", node));
        root.optional("parser").ifPresent(node -> withoutEffect("parser", node));
        root.finish();
        ScrapeSettings scrape = new ScrapeReader(plugins.values()).read();
        return new RouterConfig(
                discovery, scrape, new PolicyReader(plugins.values(), warnings).read(profiles), warnings);
    }

    private void header(YamlMapping root) {
        YamlNode version = root.required("apiVersion");
        if (version.text().equals(OLD_API)) {
            warnings.add("apiVersion " + OLD_API + " is deprecated, use " + API);
        } else if (!version.text().equals(API)) {
            throw version.error("must be " + API + ", is '" + version.text() + "'");
        }
        YamlNode kind = root.required("kind");
        if (!kind.text().equals("EndpointPickerConfig")) {
            throw kind.error("must be EndpointPickerConfig, is '" + kind.text() + "'");
        }
    }

    private void featureGates(YamlNode list) {
        for (YamlNode item : list.items()) {
            String[] parts = item.text().split("=", 2);
            if (!GATES.contains(parts[0])) {
                throw item.error("feature gate '" + parts[0] + "' is unknown or unregistered");
            }
            if (parts.length == 2 && !parts[1].equals("true") && !parts[1].equals("false")) {
                throw item.error("must end in =true or =false, is '" + item.text() + "'");
            }
            if (parts[0].equals("flowControl") && (parts.length == 1 || parts[1].equals("true"))) {
                warnings.add("feature gate flowControl has no effect yet");
            }
        }
    }

    private Optional<EndpointsFileConfig> dataLayer(YamlNode node) {
        YamlMapping fields = node.mapping();
        fields.optional("injectDefaults").ifPresent(YamlNode::bool);
        fields.optional("sources").map(YamlNode::items).orElse(List.of()).forEach(this::source);
        Optional<EndpointsFileConfig> discovery =
                fields.optional("discovery").map(this::reference).map(this::endpointsFile);
        for (String ignored : List.of("peerDiscovery", "crossReplicaSyncerPluginRef", "crossReplicaSyncInterval")) {
            fields.optional(ignored).ifPresent(value -> warnings.add(value.path() + " has no effect yet"));
        }
        fields.finish();
        return discovery;
    }

    private void source(YamlNode node) {
        YamlMapping fields = node.mapping();
        Profile.referred(fields.required("pluginRef"), plugins);
        fields.optional("extractors").map(YamlNode::items).orElse(List.of()).forEach(this::reference);
        fields.finish();
    }

    /** A mapping with nothing but a reference. */
    private Plugin reference(YamlNode node) {
        YamlMapping fields = node.mapping();
        Plugin plugin = Profile.referred(fields.required("pluginRef"), plugins);
        fields.finish();
        return plugin;
    }

    private EndpointsFileConfig endpointsFile(Plugin plugin) {
        if (!plugin.is(PluginType.FILE_DISCOVERY)) {
            throw new InvalidDocumentException("dataLayer.discovery refers to a plugin of type "
                    + plugin.type().name() + ", which is no discovery");
        }
        String path = plugin.parameter("path")
                .map(YamlNode::text)
                .filter(text -> !text.isBlank())
                .orElseThrow(
                        () -> new InvalidDocumentException("plugin " + plugin.name() + " needs the parameter path"));
        boolean watch = plugin.parameter("watchFile").map(YamlNode::bool).orElse(false);
        return new EndpointsFileConfig(Path.of(path), watch);
    }

    private void flowControl(YamlNode node) {
        node.mapping().rest().forEach((key, value) -> {
            if (!FLOW_CONTROL.contains(key)) {
                throw value.error("is not a known field");
            }
        });
        warnings.add("flowControl has no effect yet");
    }

    private void requestHandler(YamlNode node) {
        YamlMapping fields = node.mapping();
        fields.optional("parsers").map(YamlNode::items).orElse(List.of()).forEach(this::reference);
        fields.finish();
    }

    private void withoutEffect(String name, YamlNode node) {
        node.mapping();
        warnings.add(name + " is deprecated and has no effect");
    }
}
