package dev.presage.router.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Which pods a pool has and where they listen.
 *
 * @param selector which pods it has
 * @param ports 1 to 8 different ones; each is an endpoint of its own, in this order
 * @param appProtocol what the model servers speak, when the pool says
 */
record PoolSpec(PodSelector selector, List<Integer> ports, Optional<String> appProtocol) {
    static final int MAX_PORTS = 8;
    private static final int MAX_PORT = 65535;

    PoolSpec {
        ports = List.copyOf(ports);
        if (ports.isEmpty() || ports.size() > MAX_PORTS) {
            throw new MalformedObjectException("a pool needs 1.." + MAX_PORTS + " target ports, has " + ports.size());
        }
        if (new HashSet<>(ports).size() < ports.size()) {
            throw new MalformedObjectException("the pool's target ports " + ports + " must be different");
        }
    }

    /** Reads an InferencePool of either group. */
    static PoolSpec read(ApiKind kind, GenericKubernetesResource object) {
        Fields spec = Fields.of(object).object("spec");
        return kind.equals(ApiKind.OLD_POOL) ? readOld(spec) : readCurrent(spec);
    }

    private static PoolSpec readCurrent(Fields spec) {
        List<Integer> ports = spec.objects("targetPorts").stream()
                .map(port -> port.integer("number", 1, MAX_PORT))
                .toList();
        PodSelector pods =
                PodSelector.labels(spec.object("selector").object("matchLabels").texts());
        return new PoolSpec(pods, ports, spec.optionalText("appProtocol"));
    }

    private static PoolSpec readOld(Fields spec) {
        int port = spec.integer("targetPortNumber", 1, MAX_PORT);
        return new PoolSpec(PodSelector.labels(spec.object("selector").texts()), List.of(port), Optional.empty());
    }
}
