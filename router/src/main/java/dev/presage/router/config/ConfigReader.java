package dev.presage.router.config;

import dev.presage.router.flow.FlowSettings;
import dev.presage.router.plugin.ReplyPlugin;
import dev.presage.router.plugin.ReplyPlugins;
import dev.presage.router.plugin.SaturationDetector;
import dev.presage.router.request.MediaEstimate;
import dev.presage.router.scrape.ScrapeSettings;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one EndpointPickerConfig. Used once, by one thread. */
final class ConfigReader {
    private static final String API = "llm-d.ai/v1alpha1";
    private static final String OLD_API = "inference.networking.x-k8s.io/v1alpha1";

    private final boolean allowExperimental;
    private final List<String> warnings = new ArrayList<>();

    ConfigReader(boolean allowExperimental) {
        this.allowExperimental = allowExperimental;
    }

    RouterConfig read(YamlNode document) {
        YamlMapping root = document.mapping();
        header(root);
        FeatureGates gates = FeatureGates.read(items(root, "featureGates"));
        Plugins plugins = Plugins.read(items(root, "plugins"), allowExperimental, warnings);
        Optional<YamlNode> profiles = root.optional("schedulingProfiles");
        Optional<EndpointsFileConfig> discovery =
                root.optional("dataLayer").flatMap(new DataLayerReader(plugins, warnings)::read);
        FlowControlReader flowReader = new FlowControlReader(plugins);
        Optional<FlowControlReader.Section> flow = root.optional("flowControl").map(flowReader::read);
        Optional<SaturationDetector> old = oldDetector(root, flowReader);
        Optional<SaturationDetector> detector =
                flow.flatMap(FlowControlReader.Section::detector).or(() -> old);
        List<String> parsers = new ParserReader(plugins, warnings).read(root);
        root.finish();
        if (flow.isPresent() && !gates.flowControl()) {
            warnings.add("flowControl has no effect but for its saturation detector: its feature gate is off");
        }
        Optional<FlowSettings> queues = gates.flowControl()
                ? Optional.of(flow.map(FlowControlReader.Section::settings).orElse(FlowSettings.DEFAULT))
                : Optional.empty();
        ScrapeSettings scrape = new ScrapeReader(plugins.declarations()).read();
        SchedulingConfig scheduling = new SchedulingReader(plugins, document, warnings).read(profiles, detector);
        long prefixTokens = plugins.all(PrefixSettings.class).stream()
                .findFirst()
                .orElse(PrefixSettings.DEFAULT)
                .capacityTokens();
        MediaEstimate media = plugins.all(MediaEstimateReader.Configured.class).stream()
                .findFirst()
                .map(MediaEstimateReader.Configured::media)
                .orElse(MediaEstimate.DEFAULT);
        ReplyPlugins replies = new ReplyPlugins(plugins.all(ReplyPlugin.class));
        return new RouterConfig(
                discovery,
                scrape,
                scheduling,
                replies,
                parsers,
                media,
                prefixTokens,
                gates,
                queues,
                plugins.types(),
                warnings);
    }

    private static List<YamlNode> items(YamlMapping root, String name) {
        return root.optional(name).map(YamlNode::items).orElse(List.of());
    }

    private void header(YamlMapping root) {
        YamlNode version = root.required("apiVersion");
        if (version.text().equals(OLD_API)) {
            warnings.add("apiVersion " + OLD_API + " is deprecated, use " + API);
        } else {
            version.must(version.text().equals(API), "be " + API);
        }
        YamlNode kind = root.required("kind");
        kind.must(kind.text().equals("EndpointPickerConfig"), "be EndpointPickerConfig");
    }

    private Optional<SaturationDetector> oldDetector(YamlMapping root, FlowControlReader reader) {
        Optional<YamlNode> old = root.optional("saturationDetector");
        old.ifPresent(node -> warnings.add("saturationDetector is deprecated, use flowControl.saturationDetector"));
        return old.map(reader::detector);
    }
}
