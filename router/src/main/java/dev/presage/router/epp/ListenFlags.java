package dev.presage.router.epp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the two gRPC ports of a process are told. Fields without a flag here have one, with a default of its own, where it makes sense. */
abstract class ListenFlags {
    @Option(names = "--bind-address", defaultValue = "0.0.0.0", description = "address of all ports (${DEFAULT-VALUE})")
    String bindAddress = "0.0.0.0";

    int grpcPort;
    int healthPort;
    int maxReceived;

    @Option(
            names = "--secure-serving",
            arity = "0..1",
            defaultValue = "true",
            fallbackValue = "true",
            description = "TLS on the ext_proc port (${DEFAULT-VALUE})")
    boolean secureServing;

    @Option(names = "--cert-path", description = "directory of tls.crt and tls.key; self-signed without it")
    @Nullable
    Path certPath;

    /** Whether changes of the certificate are followed. */
    boolean certReload;

    String tlsMinVersion = "";
    List<String> tlsCipherSuites = List.of();

    /** Whether the ext_proc port has a health service too. */
    boolean healthChecking;

    @Option(
            names = "--max-held-body-size",
            defaultValue = "32Mi",
            converter = ByteQuantity.class,
            description = "longer bodies stream through (${DEFAULT-VALUE})")
    int maxHeld;

    @Option(
            names = "--drain-timeout",
            defaultValue = "30s",
            converter = GoDuration.class,
            description = "how long to go on serving after SIGTERM (${DEFAULT-VALUE})")
    Duration drainTimeout = Duration.ofSeconds(30);
}
