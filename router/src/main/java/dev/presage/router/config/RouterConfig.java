package dev.presage.router.config;

import dev.presage.router.scrape.ScrapeSettings;
import dev.presage.router.yaml.InvalidDocumentException;
import dev.presage.router.yaml.YamlNode;
import java.util.List;
import java.util.Optional;

/**
 * What a router does, as far as its configuration file says. Read once at start. Immutable.
 *
 * @param endpointsFile where endpoints come from, if from a file
 * @param scrape how engines are scraped
 * @param policy which policy decides
 * @param warnings what the file asks for that has no effect or another one here, for the log
 */
public record RouterConfig(
        Optional<EndpointsFileConfig> endpointsFile,
        ScrapeSettings scrape,
        PolicyConfig policy,
        List<String> warnings) {

    /** Without a file: the learned policy with LMETRIC below it. */
    public static final RouterConfig DEFAULT =
            new RouterConfig(Optional.empty(), ScrapeSettings.DEFAULT, PolicyConfig.DEFAULT, List.of());

    public RouterConfig {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads an EndpointPickerConfig.
     *
     * @param name how errors call the document
     * @param allowExperimental whether alpha plugins may be used
     * @throws InvalidDocumentException naming line and field, if anything is unknown, doubled or out of bounds
     */
    public static RouterConfig parse(String name, String text, boolean allowExperimental) {
        return new ConfigReader(allowExperimental).read(YamlNode.parse(name, text));
    }
}
