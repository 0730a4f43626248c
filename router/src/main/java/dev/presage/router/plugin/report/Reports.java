package dev.presage.router.plugin.report;

import dev.presage.router.plugin.PluginType;
import java.util.stream.Stream;

/** The reporting plugin types that a configuration may name. */
public final class Reports {
    private Reports() {}

    public static Stream<PluginType> types() {
        return Stream.of(
                PluginType.of("request-attribute-reporter", AttributeReporter::read),
                PluginType.of("destination-endpoint-served-verifier", given -> new ServedVerifier()));
    }
}
