package dev.presage.router.epp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the two gRPC ports of a process are told. */
abstract class ListenFlags {
    @Option(names = "--bind-address", defaultValue = "0.0.0.0", description = "address of all ports (${DEFAULT-VALUE})")
    String bindAddress = "0.0.0.0";

    @Option(names = "--grpc-port", description = "ext_proc port, 0 for any (${DEFAULT-VALUE})")
    int grpcPort;

    @Option(names = "--grpc-health-port", description = "health port, 0 for any (${DEFAULT-VALUE})")
    int healthPort;

    @Option(
            names = "--grpc-max-recv-msg-size",
            converter = ByteQuantity.class,
            description = "largest message taken, in bytes or as 10MiB (${DEFAULT-VALUE})")
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

    @Option(
            names = "--enable-cert-reload",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "follow changes of the certificate")
    boolean certReload;

    /** How often the files are looked at. */
    Duration certReloadEvery = Duration.ofSeconds(10);

    @Option(names = "--tls-min-version", defaultValue = "", description = "VersionTLS12 or VersionTLS13")
    String tlsMinVersion = "";

    @Option(names = "--tls-cipher-suites", split = ",", description = "cipher suites up to TLS 1.2")
    List<String> tlsCipherSuites = new ArrayList<>();

    @Option(
            names = "--health-checking",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "health service on the ext_proc port too")
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

    /** The defaults in which processes differ. */
    ListenFlags(int grpcPort, int healthPort, int maxReceived) {
        this.grpcPort = grpcPort;
        this.healthPort = healthPort;
        this.maxReceived = maxReceived;
    }
}
