package dev.presage.store.cli;

import dev.presage.store.tls.SelfSigned;
import dev.presage.store.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a store serves, and with which certificate. Filled by picocli on the main thread. */
final class ListenOptions {
    @Option(names = "--address", defaultValue = "127.0.0.1", description = "Bind address (default: ${DEFAULT-VALUE}).")
    private String address = "127.0.0.1";

    @Option(
            names = "--port",
            defaultValue = "7070",
            description = "Port; 0 takes a free one (default: ${DEFAULT-VALUE}).")
    int port;

    @Option(
            names = "--advertise-url",
            paramLabel = "URL",
            description = "Where routers fetch bundles from (default: the bound address).")
    private @Nullable URI advertised;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description =
                    "Certificate chain (PEM), followed as it changes. Without it, a store that listens beyond this"
                            + " machine makes its own, tls/tls.crt in --dir.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "The certificate's key (PEM).")
    private @Nullable Path key;

    @Option(
            names = "--plain-http",
            description = "Serve without TLS beyond this machine, too: for a store behind a proxy that has it.")
    private boolean plain;

    InetAddress address() throws UnknownHostException {
        return InetAddress.getByName(address);
    }

    Optional<URI> advertised() {
        return Optional.ofNullable(advertised);
    }

    /** Empty for plain HTTP: on loopback without a certificate, and where it is asked for. */
    Optional<ServerTls> tls(Path directory, InstantSource clock) throws IOException {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("--tls-cert and --tls-key must be given together");
        }
        if (certificate != null && key != null) {
            if (plain) {
                throw new IllegalArgumentException("--plain-http and --tls-cert exclude each other");
            }
            return Optional.of(ServerTls.of(certificate, key));
        }
        if (plain || address().isLoopbackAddress()) {
            return Optional.empty();
        }
        Path own = directory.resolve("tls");
        SelfSigned.keep(own, "presage-store", names(), clock.instant(), new SecureRandom());
        return Optional.of(ServerTls.of(own.resolve("tls.crt"), own.resolve("tls.key")));
    }

    private Set<String> names() throws UnknownHostException {
        Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1"));
        if (!address().isAnyLocalAddress()) {
            names.add(address().getHostAddress());
        }
        if (advertised != null && advertised.getHost() != null) {
            names.add(advertised.getHost());
        }
        return names;
    }
}
