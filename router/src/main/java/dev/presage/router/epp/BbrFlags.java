package dev.presage.router.epp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of {@code presage bbr}: the contract's, and where its ConfigMaps are. */
final class BbrFlags {
    @Option(names = "--bind-address", defaultValue = "0.0.0.0", description = "address of all ports (${DEFAULT-VALUE})")
    String bindAddress = "0.0.0.0";

    @Option(names = "--grpc-port", defaultValue = "9004", description = "ext_proc port (${DEFAULT-VALUE})")
    int grpcPort;

    @Option(names = "--grpc-health-port", defaultValue = "9005", description = "health port (${DEFAULT-VALUE})")
    int healthPort;

    @Option(names = "--metrics-port", defaultValue = "9090", description = "Prometheus port (${DEFAULT-VALUE})")
    int metricsPort;

    @Option(
            names = "--streaming",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "bodies are streamed both ways, where the gateway does not say (${DEFAULT-VALUE})")
    boolean streaming;

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
            names = {"--config-map", "--config-map-file"},
            description =
                    "mounted ConfigMap, manifest, or directory of them: adapters of a base model; may be repeated")
    List<Path> configMaps = new ArrayList<>();

    @Option(
            names = "--config-map-namespace",
            defaultValue = "${NAMESPACE:-}",
            description = "follow the ConfigMaps of this namespace that are labelled " + BbrServer.LABEL
                    + "=true; default: the variable NAMESPACE, none without it")
    String configMapNamespace = "";

    @Option(names = "--kubeconfig", description = "of the API server; in a cluster the service account is used")
    @Nullable
    Path kubeconfig;

    @Option(
            names = "--max-held-body-size",
            defaultValue = "32Mi",
            converter = ByteQuantity.class,
            description = "a model that comes later is not looked for (${DEFAULT-VALUE})")
    int maxHeld;

    @Option(
            names = "--grpc-max-recv-msg-size",
            defaultValue = "32Mi",
            converter = ByteQuantity.class,
            description = "largest message taken (${DEFAULT-VALUE})")
    int maxReceived;

    @Option(
            names = "--drain-timeout",
            defaultValue = "30s",
            converter = GoDuration.class,
            description = "how long to go on serving after SIGTERM (${DEFAULT-VALUE})")
    Duration drainTimeout = Duration.ofSeconds(30);

    @Option(
            names = {"--plugin", "--config-file", "-v", "--v", "--zap-encoder", "--zap-log-level"},
            description = "accepted, without effect")
    List<String> unusedValues = new ArrayList<>();

    @Option(
            names = {"--tracing", "--enable-pprof", "--metrics-endpoint-auth", "--zap-devel"},
            arity = "0..1",
            fallbackValue = "true",
            description = "accepted, without effect")
    List<Boolean> unusedSwitches = new ArrayList<>();

    /** The two gRPC ports. */
    ServingFlags serving() {
        ServingFlags ports = new ServingFlags();
        ports.bindAddress = bindAddress;
        ports.grpcPort = grpcPort;
        ports.healthPort = healthPort;
        ports.secureServing = secureServing;
        ports.certPath = certPath;
        ports.certReload = certPath != null;
        ports.maxReceived = maxReceived;
        return ports;
    }
}
