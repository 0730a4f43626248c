package dev.presage.router.epp;

import dev.presage.router.config.RouterConfig;
import dev.presage.store.bundle.TrustPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the flags refer to: the configuration document and the trusted keys. */
final class Configuration {
    private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);

    private Configuration() {}

    /** The configuration of {@code --config-file} or {@code --config-text}, or the built-in one; warnings are logged. */
    static RouterConfig read(FleetFlags flags) throws IOException {
        RouterConfig config;
        if (flags.configFile != null) {
            String text = Files.readString(flags.configFile);
            config = RouterConfig.parse(flags.configFile.toString(), text, flags.allowExperimental);
        } else if (!flags.configText.isBlank()) {
            config = RouterConfig.parse("--config-text", flags.configText, flags.allowExperimental);
        } else {
            config = RouterConfig.DEFAULT;
        }
        config.warnings().forEach(LOG::warn);
        return config;
    }

    /** Anyone's bundles without a trusted key, else those signed by one. */
    static TrustPolicy trust(FleetFlags flags) {
        if (flags.trustedKeys.isEmpty()) {
            return TrustPolicy.anyone();
        }
        List<String> pems = new ArrayList<>();
        for (Path file : flags.trustedKeys) {
            try {
                pems.add(Files.readString(file));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the trusted key " + file, e);
            }
        }
        return TrustPolicy.signedByPem(pems);
    }
}
