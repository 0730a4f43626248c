package dev.presage.router.fleet;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One model server port that requests can be sent to. Written by discovery; immutable. Equal when id, host, port and labels
 * are.
 */
public final class Endpoint {
    /** Labels that say what the hardware and the engine are; equal values share what is learned. */
    static final List<String> CLASS_LABELS = List.of(
            "presage.dev/class",
            "accelerator",
            "nvidia.com/gpu.product",
            "cloud.google.com/gke-accelerator",
            "llm-d.ai/engine-type",
            "llm-d.ai/role",
            "tensor-parallel");

    private final String id;
    private final String host;
    private final int port;
    private final Map<String, String> labels;
    // Every pick asks every candidate for these two.
    private final String address;
    private final String endpointClass;

    /**
     * An endpoint.
     *
     * @param id stable identity, {@code namespace/name-rank-i}
     * @param host IP literal
     * @param port 1 to 65535
     * @param labels the pod's or the file's labels
     */
    public Endpoint(String id, String host, int port, Map<String, String> labels) {
        if (id.isEmpty()) {
            throw new IllegalArgumentException("endpoint id must not be empty");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " of endpoint " + id + " outside 1..65535");
        }
        this.id = id;
        this.host = host;
        this.port = port;
        this.labels = Map.copyOf(labels);
        address = host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
        String known = CLASS_LABELS.stream()
                .map(this.labels::get)
                .filter(value -> value != null && !value.isEmpty())
                .collect(Collectors.joining("/"));
        endpointClass = known.isEmpty() ? id : known;
    }

    public String id() {
        return id;
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    public Map<String, String> labels() {
        return labels;
    }

    /** {@code ip:port}, with brackets around IPv6. */
    public String address() {
        return address;
    }

    /** The class that this endpoint's latency is learned with; an endpoint without labels is its own class. */
    public String endpointClass() {
        return endpointClass;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Endpoint that
                        && id.equals(that.id)
                        && host.equals(that.host)
                        && port == that.port
                        && labels.equals(that.labels);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, host, port, labels);
    }

    @Override
    public String toString() {
        return "Endpoint[" + id + ", " + address + ", " + labels + "]";
    }
}
