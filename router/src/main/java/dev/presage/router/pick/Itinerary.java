package dev.presage.router.pick;

import dev.presage.router.fleet.Endpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a routed request travels, besides to the chosen endpoint. The header names are the contract's, which the sidecars of
 * engines read.
 *
 * @param also further endpoints that may serve it, best first; the gateway tries them in order
 * @param prefill the pick of who computes the prompt, null when the chosen endpoint does
 * @param encoders who encodes its images, none when the chosen endpoint does
 * @param primaryPort the port that a pod's data-parallel ranks share, 0 when each has its own
 * @param leg which part of a split request this is, empty for the whole or for the part that answers
 */
public record Itinerary(
        List<Endpoint> also, Decision.@Nullable Routed prefill, List<Endpoint> encoders, int primaryPort, String leg) {
    /** To the chosen endpoint and nowhere else. */
    public static final Itinerary DIRECT = to(List.of());

    /** Of the decision who computes the prompt of a split request. */
    public static final Itinerary PREFILL = new Itinerary(List.of(), null, List.of(), 0, "prefill");

    public static final String PREFILLER = "x-prefiller-host-port";
    public static final String ENCODERS = "x-encoder-hosts-ports";
    public static final String DATA_PARALLEL = "x-data-parallel-host-port";
    public static final String KV_SOURCE = "x-kv-cache-source-host-port";

    public Itinerary {
        also = List.copyOf(also);
        encoders = List.copyOf(encoders);
        if (primaryPort < 0 || primaryPort > 65535) {
            throw new IllegalArgumentException("primaryPort " + primaryPort + " outside 0..65535");
        }
    }

    /** To the chosen endpoint, or if it fails to these in turn. */
    public static Itinerary to(List<Endpoint> also) {
        return new Itinerary(also, null, List.of(), 0, "");
    }

    /** With the prompt computed and images encoded elsewhere. */
    public Itinerary split(Decision.@Nullable Routed prefiller, List<Endpoint> encodedBy) {
        return new Itinerary(also, prefiller, encodedBy, primaryPort, leg);
    }

    /** Through the port that the ranks share. */
    public Itinerary through(int port) {
        return new Itinerary(also, prefill, encoders, port, leg);
    }

    String destination(Endpoint chosen) {
        return also.isEmpty()
                ? reached(chosen)
                : reached(chosen) + "," + also.stream().map(this::reached).collect(Collectors.joining(","));
    }

    String reached(Endpoint endpoint) {
        return primaryPort == 0
                ? endpoint.address()
                : new Endpoint(endpoint.id(), endpoint.host(), primaryPort, Map.of()).address();
    }

    Map<String, String> headers(Endpoint chosen) {
        if (prefill == null && encoders.isEmpty() && primaryPort == 0) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        if (prefill != null) {
            headers.put(PREFILLER, prefill.endpoint().address());
        }
        if (!encoders.isEmpty()) {
            headers.put(ENCODERS, encoders.stream().map(Endpoint::address).collect(Collectors.joining(",")));
        }
        if (primaryPort != 0) {
            headers.put(DATA_PARALLEL, chosen.address());
        }
        return headers;
    }
}
