package dev.presage.router.fleet;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One model server port that requests can be sent to. Written by discovery.
 *
 * @param id stable identity, {@code namespace/name-rank-i}
 * @param host IP literal
 * @param port 1 to 65535
 * @param labels the pod's or the file's labels
 */
public record Endpoint(String id, String host, int port, Map<String, String> labels) {
    /** Labels that say what the hardware and the engine are; equal values share what is learned. */
    static final List<String> CLASS_LABELS = List.of(
            "presage.dev/class",
            "accelerator",
            "nvidia.com/gpu.product",
            "cloud.google.com/gke-accelerator",
            "llm-d.ai/engine-type",
            "llm-d.ai/role",
            "tensor-parallel");

    public Endpoint {
        if (id.isEmpty()) {
            throw new IllegalArgumentException("endpoint id must not be empty");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " of endpoint " + id + " outside 1..65535");
        }
        labels = Map.copyOf(labels);
    }

    /** {@code ip:port}, with brackets around IPv6. */
    public String address() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }

    /** The class that this endpoint's latency is learned with; an endpoint without labels is its own class. */
    public String endpointClass() {
        String known = CLASS_LABELS.stream()
                .map(labels::get)
                .filter(value -> value != null && !value.isEmpty())
                .collect(Collectors.joining("/"));
        return known.isEmpty() ? id : known;
    }
}
