package dev.presage.router.epp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of the two gRPC ports. */
final class ServingFlags {
    @Option(names = "--bind-address", defaultValue = "0.0.0.0", description = "address of all ports (${DEFAULT-VALUE})")
    String bindAddress = "0.0.0.0";

    @Option(names = "--grpc-port", defaultValue = "9002", description = "ext_proc port, 0 for any (${DEFAULT-VALUE})")
    int grpcPort;

    @Option(names = "--grpc-health-port", defaultValue = "9003", description = "health port (${DEFAULT-VALUE})")
    int healthPort;

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

    @Option(names = "--tls-min-version", defaultValue = "", description = "VersionTLS12 or VersionTLS13")
    String tlsMinVersion = "";

    @Option(names = "--tls-cipher-suites", split = ",", description = "cipher suites up to TLS 1.2")
    List<String> tlsCipherSuites = List.of();

    @Option(
            names = "--health-checking",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "health service on the ext_proc port too")
    boolean healthChecking;

    @Option(
            names = "--drain-timeout",
            defaultValue = "30s",
            converter = GoDuration.class,
            description = "how long to go on serving after SIGTERM (${DEFAULT-VALUE})")
    Duration drainTimeout = Duration.ofSeconds(30);

    @Option(
            names = "--last-streams-timeout",
            defaultValue = "10m",
            converter = GoDuration.class,
            description = "how long streams that are open after the drain may go on (${DEFAULT-VALUE})")
    Duration lastStreams = Duration.ofMinutes(10);

    @Option(
            names = "--grpc-max-recv-msg-size",
            defaultValue = "4Mi",
            converter = ByteQuantity.class,
            description = "largest message taken (${DEFAULT-VALUE})")
    int maxReceived;

    @Option(
            names = "--max-held-body-size",
            defaultValue = "32Mi",
            converter = ByteQuantity.class,
            description = "longer bodies stream through (${DEFAULT-VALUE})")
    int maxHeld;

    @Option(
            names = "--disable-endpoint-subset-filter",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "ignore the gateway's subset hint")
    boolean ignoreSubset;

    @Option(
            names = "--emit-endpoint-scores",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "all candidates' scores in dynamic metadata")
    boolean emitScores;
}
