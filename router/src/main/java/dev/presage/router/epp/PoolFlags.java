package dev.presage.router.epp;

import dev.presage.router.discovery.kubernetes.KubernetesSettings;
import dev.presage.router.discovery.kubernetes.PoolSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of the pool in Kubernetes, and of several routers that serve it. */
final class PoolFlags {
    @Option(
            names = "--pool-name",
            defaultValue = "",
            description = "InferencePool; also the pool's name in the event log")
    String name = "";

    @Option(names = "--pool-namespace", defaultValue = "${NAMESPACE:-default}", description = "its namespace")
    String namespace = "";

    @Option(
            names = "--pool-group",
            defaultValue = "inference.networking.k8s.io",
            description = "its API group (${DEFAULT-VALUE})")
    String group = "inference.networking.k8s.io";

    @Option(
            names = "--endpoint-selector",
            defaultValue = "",
            description =
                    "pods by label selector (a=b, a in (b,c), !a, ...) instead of an InferencePool; needs POD_NAME")
    String selector = "";

    @Option(names = "--endpoint-target-ports", split = ",", description = "1 to 8 ports of the selected pods")
    List<Integer> targetPorts = new ArrayList<>();

    @Option(names = "--pod-name", hidden = true, defaultValue = "${POD_NAME:-}", description = "POD_NAME")
    String podName = "";

    @Option(names = "--kubeconfig", description = "of the API server; in a cluster the service account is used")
    @Nullable
    Path kubeconfig;

    @Option(
            names = "--ha-enable-leader-election",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "of several routers only the leader is ready")
    boolean elects;

    @Option(
            names = "--metrics-endpoint-auth",
            arity = "0..1",
            defaultValue = "true",
            fallbackValue = "true",
            description = "ask the API server who may read the metrics; not without Kubernetes (${DEFAULT-VALUE})")
    boolean metricsAuth = true;

    /** The pool's name in events and models: a router without a pool serves one all the same. */
    String pool() {
        if (!name.isBlank()) {
            return name;
        }
        return source().map(PoolSource::name).orElse("default");
    }

    /**
     * Where the pool is defined, if in Kubernetes.
     *
     * @throws IllegalArgumentException naming the flag that is wrong
     */
    Optional<PoolSource> source() {
        if (!name.isBlank() && !selector.isBlank()) {
            throw new IllegalArgumentException("--pool-name and --endpoint-selector exclude each other");
        }
        if (!selector.isBlank()) {
            return Optional.of(PoolSource.Selected.of(selector, targetPorts, podName, group));
        }
        if (!targetPorts.isEmpty()) {
            throw new IllegalArgumentException("--endpoint-target-ports needs --endpoint-selector");
        }
        return name.isBlank() ? Optional.empty() : Optional.of(new PoolSource.Named(name, group));
    }

    /**
     * What is asked of Kubernetes; empty without a pool.
     *
     * @param identity this router among those that compete for the lead
     */
    Optional<KubernetesSettings> settings(String identity) {
        return source().map(source -> KubernetesSettings.of(namespace, source, elects, identity));
    }
}
