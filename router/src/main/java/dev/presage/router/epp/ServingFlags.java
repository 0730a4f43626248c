package dev.presage.router.epp;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of the two gRPC ports of {@code presage epp}. */
final class ServingFlags extends ListenFlags {
    @Option(
            names = "--last-streams-timeout",
            defaultValue = "10m",
            converter = GoDuration.class,
            description = "how long streams that are open after the drain may go on (${DEFAULT-VALUE})")
    Duration lastStreams = Duration.ofMinutes(10);

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

    @Option(names = "--grpc-port", defaultValue = "9002", description = "ext_proc port, 0 for any (${DEFAULT-VALUE})")
    void grpcPort(int port) {
        grpcPort = port;
    }

    @Option(names = "--grpc-health-port", defaultValue = "9003", description = "health port (${DEFAULT-VALUE})")
    void healthPort(int port) {
        healthPort = port;
    }

    @Option(
            names = "--grpc-max-recv-msg-size",
            defaultValue = "4Mi",
            converter = ByteQuantity.class,
            description = "largest message taken (${DEFAULT-VALUE})")
    void maxReceived(int bytes) {
        maxReceived = bytes;
    }

    @Option(
            names = "--enable-cert-reload",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "follow changes of the certificate")
    void certReload(boolean follow) {
        certReload = follow;
    }

    @Option(names = "--tls-min-version", defaultValue = "", description = "VersionTLS12 or VersionTLS13")
    void tlsMinVersion(String version) {
        tlsMinVersion = version;
    }

    @Option(names = "--tls-cipher-suites", split = ",", description = "cipher suites up to TLS 1.2")
    void tlsCipherSuites(@Nullable List<String> suites) {
        tlsCipherSuites = suites == null ? List.of() : suites;
    }

    @Option(
            names = "--health-checking",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "health service on the ext_proc port too")
    void healthChecking(boolean on) {
        healthChecking = on;
    }
}
