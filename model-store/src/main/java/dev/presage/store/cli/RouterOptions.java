package dev.presage.store.cli;

import dev.presage.store.console.Routers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The routers that the console asks. Filled by picocli on the main thread. */
final class RouterOptions {
    @Option(
            names = "--router",
            paramLabel = "URL",
            description =
                    "A router's metrics port, which the console asks for its health and latency objectives; may be"
                            + " given more than once. An http: name of several addresses is a router at each.")
    private List<URI> routers = new ArrayList<>();

    @Option(
            names = "--router-token-file",
            paramLabel = "FILE",
            description =
                    "File with the bearer token that routers ask for on their metrics ports, followed as it changes.")
    private @Nullable Path tokenFile;

    Routers routers() throws IOException {
        if (tokenFile != null && !Files.isReadable(tokenFile)) {
            throw new IOException("--router-token-file " + tokenFile + " cannot be read");
        }
        return new Routers(routers, Optional.ofNullable(tokenFile));
    }
}
