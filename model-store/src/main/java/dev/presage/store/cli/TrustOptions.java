package dev.presage.store.cli;

import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.TrustPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Whose bundles are accepted. Filled by picocli on the main thread. */
public final class TrustOptions {
    @Option(
            names = "--trusted-key",
            paramLabel = "FILE",
            description = "Ed25519 public key (PEM). When given, once or more, a bundle must be signed by one of them.")
    private List<Path> keys = new ArrayList<>();

    /** Reads the key files. */
    public BundleReader reader() throws IOException {
        if (keys.isEmpty()) {
            return new BundleReader(TrustPolicy.anyone());
        }
        List<String> pems = new ArrayList<>();
        for (Path key : keys) {
            pems.add(Files.readString(key));
        }
        return new BundleReader(TrustPolicy.signedByPem(pems));
    }
}
