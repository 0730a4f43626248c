package dev.presage.router.epp;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of {@code presage bbr}: the contract's, and where its ConfigMaps are. */
final class BbrFlags extends ListenFlags {
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
            names = {"--plugin", "--config-file", "-v", "--v", "--zap-encoder", "--zap-log-level"},
            description = "accepted, without effect")
    List<String> unusedValues = new ArrayList<>();

    @Option(
            names = {"--tracing", "--enable-pprof", "--metrics-endpoint-auth", "--zap-devel"},
            arity = "0..1",
            fallbackValue = "true",
            description = "accepted, without effect")
    List<Boolean> unusedSwitches = new ArrayList<>();

    BbrFlags() {
        super(9004, 9005, 32 << 20);
    }
}
