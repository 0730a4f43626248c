package dev.presage.store.cli;

import dev.presage.store.service.StoreClient;
import dev.presage.store.service.StoreCredentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a store server is reached; for commands that are clients of one. Filled by picocli on the main thread. */
public final class ClientOptions {
    @Option(names = "--token-file", paramLabel = "FILE", description = "File with a token of the store.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description =
                    "Authorities (PEM) that vouch for the store, in place of the system's; tls.crt of a store that"
                            + " made its own certificate.")
    private @Nullable Path authorityFile;

    /** Reads the files; the store need not be there yet. */
    public StoreClient client(URI store, Duration timeout) throws IOException {
        return new StoreClient(store, StoreCredentials.read(tokenFile, authorityFile), timeout);
    }
}
