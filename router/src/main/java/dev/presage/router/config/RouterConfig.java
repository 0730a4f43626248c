package dev.presage.router.config;

import dev.presage.router.flow.FlowSettings;
import dev.presage.router.pick.Scheduler;
import dev.presage.router.plugin.Plugin;
import dev.presage.router.plugin.PluginType;
import dev.presage.router.plugin.PluginWatch;
import dev.presage.router.plugin.ReplyPlugins;
import dev.presage.router.plugin.SaturationDetector;
import dev.presage.router.request.MediaEstimate;
import dev.presage.router.scrape.ScrapeSettings;
import dev.presage.router.yaml.InvalidDocumentException;
import dev.presage.router.yaml.YamlNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a router does, as far as its configuration file says. Read once at start. Immutable.
 *
 * @param endpointsFile where endpoints come from, if from a file
 * @param scrape how engines are scraped
 * @param scheduling how requests are scheduled
 * @param replies what adds to replies
 * @param parsers types of the parsers that read requests, in order
 * @param media what pictures and videos are taken for
 * @param prefixCapacityTokens what the prefix index takes an engine to hold that does not say
 * @param gates the contract's feature gates
 * @param flow how requests are queued, if they are: the gate {@code flowControl}
 * @param pluginTypes the type of each plugin that was made, by identity
 * @param warnings what the file asks for that has no effect or another one here, for the log
 */
public record RouterConfig(
        Optional<EndpointsFileConfig> endpointsFile,
        ScrapeSettings scrape,
        SchedulingConfig scheduling,
        ReplyPlugins replies,
        List<String> parsers,
        MediaEstimate media,
        long prefixCapacityTokens,
        FeatureGates gates,
        Optional<FlowSettings> flow,
        Map<Plugin, String> pluginTypes,
        List<String> warnings) {

    /** The contract's parsers where none are configured; the last one takes what no other does. */
    static final List<String> PARSERS =
            List.of("openai-parser", "anthropic-parser", "vllmhttp-parser", "passthrough-parser");

    /** Without a file: the learned policy with LMETRIC below it. */
    public static final RouterConfig DEFAULT = new RouterConfig(
            Optional.empty(),
            ScrapeSettings.DEFAULT,
            SchedulingConfig.DEFAULT,
            ReplyPlugins.NONE,
            PARSERS,
            MediaEstimate.DEFAULT,
            PrefixSettings.DEFAULT.capacityTokens(),
            FeatureGates.DEFAULT,
            Optional.empty(),
            Map.of(),
            List.of());

    public RouterConfig {
        parsers = List.copyOf(parsers);
        warnings = List.copyOf(warnings);
    }

    /**
     * What decides on each request. Where requests are queued, sheddable ones wait instead of being turned away at once.
     *
     * @param watch told what the plugins of each decision do
     */
    public Scheduler scheduler(PluginWatch watch) {
        return scheduling.scheduler(flow.isPresent() ? SaturationDetector.NEVER : scheduling.detector(), watch);
    }

    /**
     * Reads an EndpointPickerConfig.
     *
     * @param name how errors call the document
     * @param allowExperimental whether alpha plugins may be used
     * @throws InvalidDocumentException naming line and field, if anything is unknown, doubled or out of bounds
     */
    public static RouterConfig parse(String name, String text, boolean allowExperimental) {
        return of(YamlNode.parse(name, text), allowExperimental);
    }

    /** The same of a document that is parsed already. */
    public static RouterConfig of(YamlNode document, boolean allowExperimental) {
        return new ConfigReader(allowExperimental).read(document);
    }

    /** All plugin types that a document may name, by name; for the reference. */
    public static List<PluginType> knownPluginTypes() {
        return PluginCatalog.all()
                .sorted(Comparator.comparing(PluginType::name))
                .toList();
    }
}
