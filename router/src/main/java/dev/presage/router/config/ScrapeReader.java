package dev.presage.router.config;

import dev.presage.router.scrape.Engine;
import dev.presage.router.scrape.ScrapeSettings;
import dev.presage.router.yaml.YamlNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a configuration asks for engines to be scraped: its metrics source and core extractor. */
record ScrapeReader(Collection<Declaration> plugins, List<String> warnings) {
    ScrapeSettings read() {
        ScrapeSettings base = ScrapeSettings.DEFAULT;
        Optional<Declaration> source = find(PluginCatalog.METRICS_SOURCE);
        Optional<Declaration> extractor = find(PluginCatalog.METRICS_EXTRACTOR);
        source.flatMap(plugin -> plugin.parameter("scheme")).ifPresent(scheme -> {
            if (!scheme.text().equals("http")) {
                throw scheme.error("must be http, is '" + scheme.text() + "'");
            }
        });
        extractor
                .flatMap(plugin -> plugin.parameter("engineConfigs"))
                .ifPresent(node -> warnings.add(node.path() + " has no effect yet"));
        return new ScrapeSettings(
                source.flatMap(plugin -> plugin.parameter("interval"))
                        .map(ScrapeReader::interval)
                        .orElse(base.interval()),
                base.timeout(),
                source.flatMap(plugin -> plugin.parameter("path"))
                        .map(ScrapeReader::path)
                        .orElse(base.path()),
                source.flatMap(plugin -> plugin.parameter("port"))
                        .map(node -> (int) node.integer(0, 65535))
                        .orElse(base.port()),
                extractor
                        .flatMap(plugin -> plugin.parameter("engineLabelKey"))
                        .map(YamlNode::text)
                        .orElse(base.engineLabel()),
                extractor
                        .flatMap(plugin -> plugin.parameter("defaultEngine"))
                        .map(ScrapeReader::engine)
                        .orElse(base.defaultEngine()));
    }

    private Optional<Declaration> find(String type) {
        return plugins.stream().filter(plugin -> plugin.is(type)).findFirst();
    }

    /** Shorter intervals than the contract's floor are raised to it, as the contract does. */
    private static Duration interval(YamlNode node) {
        Duration asked = node.duration();
        if (asked.compareTo(ScrapeSettings.MAX_INTERVAL) > 0) {
            throw node.error("must be at most " + ScrapeSettings.MAX_INTERVAL + ", is " + asked);
        }
        return asked.compareTo(ScrapeSettings.MIN_INTERVAL) < 0 ? ScrapeSettings.MIN_INTERVAL : asked;
    }

    private static String path(YamlNode node) {
        if (!node.text().startsWith("/") || node.text().chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            throw node.error("must start with / and be plain ASCII, is '" + node.text() + "'");
        }
        return node.text();
    }

    private static Engine engine(YamlNode node) {
        return Engine.byLabel(node.text())
                .orElseThrow(() -> node.error("must be one of "
                        + Arrays.stream(Engine.values()).map(Engine::label).collect(Collectors.joining(", "))
                        + ", is '" + node.text() + "'"));
    }
}
