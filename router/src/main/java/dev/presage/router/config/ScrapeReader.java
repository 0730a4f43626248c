package dev.presage.router.config;

import dev.presage.router.scrape.Engine;
import dev.presage.router.scrape.EngineSpec;
import dev.presage.router.scrape.ModelsSettings;
import dev.presage.router.scrape.ScrapeSettings;
import dev.presage.router.scrape.ScrapeTls;
import dev.presage.router.yaml.Durations;
import dev.presage.router.yaml.YamlNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How a configuration asks for engines to be scraped: its metrics source and core extractor, and its models source. */
record ScrapeReader(Collection<Declaration> plugins) {
    ScrapeSettings read() {
        ScrapeSettings base = ScrapeSettings.DEFAULT;
        Optional<Declaration> source = find(PluginCatalog.METRICS_SOURCE);
        Optional<Declaration> extractor = find(PluginCatalog.METRICS_EXTRACTOR);
        List<EngineSpec> engines = extractor
                .flatMap(plugin -> plugin.parameter("engineConfigs"))
                .map(EngineConfigReader::read)
                .orElse(List.of());
        return new ScrapeSettings(
                interval(source, base.interval()),
                base.timeout(),
                path(source, base.path()),
                port(source),
                extractor
                        .flatMap(plugin -> plugin.parameter("engineLabelKey"))
                        .map(YamlNode::text)
                        .orElse(base.engineLabel()),
                extractor
                        .flatMap(plugin -> plugin.parameter("defaultEngine"))
                        .map(node -> engine(node, engines))
                        .orElse(engines.stream()
                                .filter(engine -> engine.name()
                                        .equals(base.defaultEngine().name()))
                                .findFirst()
                                .orElse(base.defaultEngine())),
                engines,
                source.flatMap(ScrapeReader::tls),
                models());
    }

    private Optional<ModelsSettings> models() {
        ModelsSettings base = ModelsSettings.DEFAULT;
        Optional<Declaration> source = find(PluginCatalog.MODELS_SOURCE);
        Optional<Declaration> extractor = find(PluginCatalog.MODELS_EXTRACTOR);
        if (source.isEmpty() && extractor.isPresent()) {
            throw extractor.get().node().error("models-data-extractor needs a plugin of type models-data-source");
        }
        return source.map(plugin -> new ModelsSettings(
                interval(source, base.interval()),
                base.timeout(),
                path(source, base.path()),
                port(source),
                tls(plugin)));
    }

    /** TLS when the scheme asks for it. The contract does not verify unless told to. */
    private static Optional<ScrapeTls> tls(Declaration source) {
        String scheme = source.parameter("scheme")
                .map(node -> node.choice("http", "https"))
                .orElse("http");
        if (file(source, "clientCertPath").isPresent()
                != file(source, "clientKeyPath").isPresent()) {
            throw source.node().error("needs clientCertPath and clientKeyPath together");
        }
        Optional<ScrapeTls> tls = Optional.of(new ScrapeTls(
                source.parameter("insecureSkipVerify").map(YamlNode::bool).orElse(true),
                file(source, "caCertPath"),
                file(source, "clientCertPath"),
                file(source, "clientKeyPath")));
        return scheme.equals("https") ? tls : Optional.empty();
    }

    private static Optional<Path> file(Declaration source, String parameter) {
        return source.parameter(parameter)
                .filter(node -> !node.text().isEmpty())
                .map(node -> Path.of(node.text()));
    }

    private Optional<Declaration> find(String type) {
        return plugins.stream().filter(plugin -> plugin.is(type)).findFirst();
    }

    /** Shorter intervals than the contract's floor are raised to it, as the contract does. */
    private static Duration interval(Optional<Declaration> source, Duration otherwise) {
        Optional<YamlNode> given = source.flatMap(plugin -> plugin.parameter("interval"));
        if (given.isEmpty()) {
            return otherwise;
        }
        Duration least = ScrapeSettings.MIN_INTERVAL;
        Duration most = ScrapeSettings.MAX_INTERVAL;
        Duration asked = given.get().duration();
        given.get().must(asked.compareTo(most) <= 0, "be at most " + Durations.text(most));
        given.get().takes("less than " + Durations.text(least) + " counts as that");
        return asked.compareTo(least) < 0 ? least : asked;
    }

    private static String path(Optional<Declaration> source, String otherwise) {
        Optional<YamlNode> given = source.flatMap(plugin -> plugin.parameter("path"));
        given.ifPresent(node -> node.must(
                node.text().startsWith("/") && node.text().chars().noneMatch(c -> c <= ' ' || c >= 127),
                "start with / and be plain ASCII"));
        return given.map(YamlNode::text).orElse(otherwise);
    }

    /** 0 for each endpoint's own. */
    private static int port(Optional<Declaration> source) {
        return source.flatMap(plugin -> plugin.parameter("port"))
                .map(node -> (int) node.integer(0, 65535))
                .orElse(0);
    }

    private static EngineSpec engine(YamlNode node, List<EngineSpec> configured) {
        List<EngineSpec> known = Stream.concat(
                        configured.stream(), Arrays.stream(Engine.values()).map(Engine::spec))
                .toList();
        return node.choice(known, EngineSpec::name);
    }
}
