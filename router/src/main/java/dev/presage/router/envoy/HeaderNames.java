package dev.presage.router.envoy;

import java.util.Set;

/** The names of the contract, lower case. */
final class HeaderNames {
    static final String DESTINATION = "x-gateway-destination-endpoint";
    static final String SERVED = "x-gateway-destination-endpoint-served";
    static final String SUBSET = "x-gateway-destination-endpoint-subset";
    static final String SCORES = "x-gateway-destination-endpoint-scores";
    static final String DROPPED_REASON = "x-llm-d-request-dropped-reason";
    static final String WENT_INTO_RESPONSE = "x-went-into-resp-headers";
    static final String OBJECTIVE = "x-llm-d-inference-objective";
    static final String OBJECTIVE_LEGACY = "x-gateway-inference-objective";
    static final String MODEL_REWRITE = "x-llm-d-model-name-rewrite";
    static final String MODEL_REWRITE_LEGACY = "x-gateway-model-name-rewrite";
    static final String CONTENT_LENGTH = "content-length";
    static final String ACCEPT_ENCODING = "accept-encoding";
    static final String REQUEST_ID = "x-request-id";
    /** Envoy says that it turned the request away itself. */
    static final String ENVOY_OVERLOADED = "x-envoy-overloaded";

    static final String LB_NAMESPACE = "envoy.lb";
    static final String SUBSET_NAMESPACE = "envoy.lb.subset_hint";

    /** Between gateway and router only: never set on, and taken off, what goes to the backend. */
    private static final Set<String> SYSTEM_OWNED = Set.of(
            "x-llm-d-inference-fairness-id",
            "x-gateway-inference-fairness-id",
            OBJECTIVE,
            OBJECTIVE_LEGACY,
            MODEL_REWRITE,
            MODEL_REWRITE_LEGACY,
            "x-llm-d-slo-ttft-ms",
            "x-slo-ttft-ms",
            "x-llm-d-slo-tpot-ms",
            "x-slo-tpot-ms",
            "x-presage-queue-ttl-ms",
            "x-presage-next-step-ms",
            "x-presage-program-deadline-ms",
            "x-llm-d-video-fps",
            "x-llm-d-video-duration-seconds",
            "x-llm-d-video-resolution",
            "x-prefiller-host-port",
            "x-encoder-hosts-ports",
            "x-data-parallel-host-port",
            "x-kv-cache-source-host-port",
            SUBSET,
            DESTINATION,
            SERVED,
            DROPPED_REASON,
            CONTENT_LENGTH);

    /** Of one connection: to echo them would describe the wrong one. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private HeaderNames() {}

    static boolean isSystemOwned(String lowerCaseName) {
        return SYSTEM_OWNED.contains(lowerCaseName);
    }

    static boolean isHopByHop(String lowerCaseName) {
        return HOP_BY_HOP.contains(lowerCaseName);
    }

    /** Whether a header of the client is taken off the request; its length is set anew, and so is the destination. */
    static boolean isRemoved(String lowerCaseName) {
        return isSystemOwned(lowerCaseName)
                && !lowerCaseName.equals(CONTENT_LENGTH)
                && !lowerCaseName.equals(DESTINATION);
    }
}
