package dev.presage.router.scrape;

import java.time.Duration;
import java.util.Optional;

/**
 * How engines are asked for the models that they serve.
 *
 * @param interval between two questions to an endpoint
 * @param timeout of one answer, connecting included
 * @param path of the list in OpenAI's format
 * @param port of the list, 0 for the endpoint's own
 * @param tls how to speak TLS, empty for plaintext
 */
public record ModelsSettings(Duration interval, Duration timeout, String path, int port, Optional<ScrapeTls> tls) {
    /** Adapters come and go in seconds, so the contract's 50 ms would buy nothing. */
    public static final ModelsSettings DEFAULT =
            new ModelsSettings(Duration.ofSeconds(5), Duration.ofSeconds(1), "/v1/models", 0, Optional.empty());

    public ModelsSettings {
        if (interval.compareTo(ScrapeSettings.MIN_INTERVAL) < 0
                || interval.compareTo(ScrapeSettings.MAX_INTERVAL) > 0) {
            throw new IllegalArgumentException("models interval " + interval + " outside " + ScrapeSettings.MIN_INTERVAL
                    + ".." + ScrapeSettings.MAX_INTERVAL);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("models timeout " + timeout + " must be more than 0");
        }
        ScrapeSettings.checkPlace("models", path, port);
    }
}
