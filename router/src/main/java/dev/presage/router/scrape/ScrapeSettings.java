package dev.presage.router.scrape;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How engines are scraped.
 *
 * @param interval between two scrapes of an endpoint
 * @param timeout of one scrape, connecting included
 * @param path of the metrics page
 * @param port of the metrics page, 0 for the endpoint's own
 * @param engineLabel endpoint label that names the engine
 * @param defaultEngine engine of endpoints without that label, or with a value that is not known
 * @param engines configured ones; they go before the built-in ones of the same name
 * @param tls how to speak TLS, empty for plaintext
 * @param models how engines are asked for their models, empty when they are not
 */
public record ScrapeSettings(
        Duration interval,
        Duration timeout,
        String path,
        int port,
        String engineLabel,
        EngineSpec defaultEngine,
        List<EngineSpec> engines,
        Optional<ScrapeTls> tls,
        Optional<ModelsSettings> models) {
    /** The engine label of the contract's earlier versions. */
    private static final String OLD_ENGINE_LABEL = "inference.networking.k8s.io/engine-type";

    public static final Duration MIN_INTERVAL = Duration.ofMillis(50);
    public static final Duration MAX_INTERVAL = Duration.ofMinutes(1);

    /** Ten times a second: the router's own accounting is exact between scrapes, so the contract's 50 ms buys little. */
    public static final ScrapeSettings DEFAULT = new ScrapeSettings(
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            "/metrics",
            0,
            "llm-d.ai/engine-type",
            Engine.VLLM.spec(),
            List.of(),
            Optional.empty(),
            Optional.empty());

    public ScrapeSettings {
        engines = List.copyOf(engines);
        if (interval.compareTo(MIN_INTERVAL) < 0 || interval.compareTo(MAX_INTERVAL) > 0) {
            throw new IllegalArgumentException(
                    "scrape interval " + interval + " outside " + MIN_INTERVAL + ".." + MAX_INTERVAL);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("scrape timeout " + timeout + " must be more than 0");
        }
        checkPlace("metrics", path, port);
    }

    static void checkPlace(String what, String path, int port) {
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            throw new IllegalArgumentException(what + " path \"" + path + "\" must start with / and be plain ASCII");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(what + " port " + port + " outside 0..65535");
        }
    }

    /** The same with another interval. */
    public ScrapeSettings every(Duration other) {
        return new ScrapeSettings(other, timeout, path, port, engineLabel, defaultEngine, engines, tls, models);
    }

    /** The engine of an endpoint with these labels. */
    EngineSpec engine(Map<String, String> labels) {
        return byName(labels.get(engineLabel))
                .or(() -> byName(labels.get(OLD_ENGINE_LABEL)))
                .orElse(defaultEngine);
    }

    private Optional<EngineSpec> byName(@Nullable String name) {
        return engines.stream()
                .filter(engine -> engine.name().equals(name))
                .findFirst()
                .or(() -> Engine.byLabel(name).map(Engine::spec));
    }
}
