package dev.presage.router.discovery.kubernetes;

import dev.presage.router.fleet.Endpoint;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns the pods of a pool into endpoints: a ready pod has one for each active target port. */
final class PodReader {
    static final String ACTIVE_PORTS = "llm-d.ai/active-ports";
    static final String OLD_ACTIVE_PORTS = "inference.networking.k8s.io/active-ports";

    private final Complaints complaints;

    PodReader(Complaints complaints) {
        this.complaints = complaints;
    }

    /** In order of id, so that the same pods give the same list. A pod that cannot be read is left out and complained about. */
    List<Endpoint> endpoints(PoolSpec pool, List<GenericKubernetesResource> pods) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (GenericKubernetesResource pod : pods) {
            try {
                endpoints.addAll(endpoints(pool, pod));
            } catch (MalformedObjectException e) {
                complaints.about(ApiKind.POD, pod, String.valueOf(e.getMessage()));
            }
        }
        endpoints.sort((left, right) -> left.id().compareTo(right.id()));
        return List.copyOf(endpoints);
    }

    private List<Endpoint> endpoints(PoolSpec pool, GenericKubernetesResource pod) {
        ObjectMeta metadata = pod.getMetadata();
        if (metadata == null || metadata.getName() == null) {
            throw new MalformedObjectException("metadata.name is missing");
        }
        Map<String, String> labels = orEmpty(metadata.getLabels());
        if (!pool.selector().matches(labels) || metadata.getDeletionTimestamp() != null) {
            return List.of();
        }
        Optional<Fields> status = Fields.of(pod).optionalObject("status");
        if (status.isEmpty() || !ready(status.get())) {
            return List.of();
        }
        String host = status.get().text("podIP");
        Set<Integer> active = activePorts(pool, pod);
        List<Endpoint> endpoints = new ArrayList<>();
        for (int rank = 0; rank < pool.ports().size(); rank++) {
            int port = pool.ports().get(rank);
            if (active.contains(port)) {
                String id = metadata.getNamespace() + "/" + metadata.getName() + "-rank-" + rank;
                endpoints.add(new Endpoint(id, host, port, labels));
            }
        }
        return endpoints;
    }

    private static boolean ready(Fields status) {
        for (Fields condition : status.objects("conditions")) {
            if (condition.text("type").equals("Ready")) {
                return condition.text("status").equals("True");
            }
        }
        return false;
    }

    /** Without the annotation every port is active. An entry that is no port is complained about and counts for nothing. */
    private Set<Integer> activePorts(PoolSpec pool, GenericKubernetesResource pod) {
        Map<String, String> annotations = orEmpty(pod.getMetadata().getAnnotations());
        String key = annotations.containsKey(ACTIVE_PORTS) ? ACTIVE_PORTS : OLD_ACTIVE_PORTS;
        String text = annotations.get(key);
        if (text == null) {
            return Set.copyOf(pool.ports());
        }
        Set<Integer> active = new HashSet<>();
        for (String entry : text.split(",", -1)) {
            try {
                active.add(Integer.parseInt(entry.strip()));
            } catch (NumberFormatException e) {
                complaints.about(
                        ApiKind.POD,
                        pod,
                        "metadata.annotations[" + key + "] must list ports, has \"" + entry.strip() + "\"");
            }
        }
        return active;
    }

    private static Map<String, String> orEmpty(Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
