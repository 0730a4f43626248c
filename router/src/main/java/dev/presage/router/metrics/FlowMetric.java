package dev.presage.router.metrics;

import static dev.presage.router.metrics.MetricDeclaration.formerly;

/** The contract's metrics of requests that wait for room. */
enum FlowMetric implements ContractMetric {
    QUEUE_DURATION(MetricDeclaration.of(
            "flow_control_request_queue_duration_seconds",
            "Time in a queue, by how it ended",
            Bounds.QUEUE,
            MetricLabels.REQUEST + " outcome inference_pool",
            formerly(
                    "inference_extension_flow_control_request_queue_duration_seconds",
                    MetricLabels.REQUEST + " outcome inference_pool"))),
    CYCLE_DURATION(MetricDeclaration.of(
            "flow_control_dispatch_cycle_duration_seconds",
            "Time to send all that have room",
            Bounds.WORK,
            "",
            formerly("inference_extension_flow_control_dispatch_cycle_duration_seconds", ""))),
    ENQUEUE_DURATION(MetricDeclaration.of(
            "flow_control_request_enqueue_duration_seconds",
            "Time to put a request into its queue",
            Bounds.WORK,
            "fairness_id priority outcome",
            formerly(
                    "inference_extension_flow_control_request_enqueue_duration_seconds",
                    "fairness_id priority outcome"))),
    QUEUE_SIZE(MetricDeclaration.of(
            "flow_control_queue_size",
            "Requests that wait in the router",
            MetricLabels.REQUEST + " inference_pool",
            formerly("inference_extension_flow_control_queue_size", MetricLabels.REQUEST + " inference_pool"))),
    QUEUE_BYTES(MetricDeclaration.of(
            "flow_control_queue_bytes",
            "Bytes of their bodies",
            MetricLabels.REQUEST + " inference_pool",
            formerly("inference_extension_flow_control_queue_bytes", MetricLabels.REQUEST + " inference_pool"))),
    SATURATION(MetricDeclaration.of(
            "flow_control_pool_saturation",
            "Mean saturation of the endpoints of a stage",
            "inference_pool stage",
            formerly("inference_extension_flow_control_pool_saturation", "inference_pool stage"))),
    STALE(MetricDeclaration.of(
            "flow_control_stale_endpoints", "Endpoints whose signals are too old for the detector", "detector")),
    BAND_REQUESTS(MetricDeclaration.of(
            "flow_control_capacity_utilization_requests",
            "Share of a band's requests that is taken",
            "priority inference_pool")),
    BAND_BYTES(MetricDeclaration.of(
            "flow_control_capacity_utilization_bytes",
            "Share of a band's bytes that is taken",
            "priority inference_pool")),
    GLOBAL_REQUESTS(MetricDeclaration.of(
            "flow_control_global_capacity_utilization_requests",
            "Share of all bands' requests that is taken; 0 without a limit",
            "inference_pool")),
    GLOBAL_BYTES(MetricDeclaration.of(
            "flow_control_global_capacity_utilization_bytes",
            "Share of all bands' bytes that is taken; 0 without a limit",
            "inference_pool")),
    REQUESTS(MetricDeclaration.of(
            "flow_control_requests_total", "Requests that left flow control", "outcome priority inference_pool")),
    REVOCATIONS_ISSUED(MetricDeclaration.of(
            "flow_control_revocations_issued_total", "Requests that were being served and told to make room", "")),
    REVOCATIONS(MetricDeclaration.of("flow_control_revocations_total", "Those of them that have ended", "")),
    RECLAIM_TARGET(MetricDeclaration.of("flow_control_reclaim_target", "Requests to be told at once, at most", "")),
    PENDING_RECLAIM(
            MetricDeclaration.of("flow_control_pending_reclaim", "Requests told to make room and not ended", "")),
    REVOCATION_CONFIRMATION(MetricDeclaration.of(
            "flow_control_revocation_confirmation_seconds",
            "From telling a request to make room to its end",
            Bounds.QUEUE,
            ""));

    private final MetricDeclaration declared;

    FlowMetric(MetricDeclaration declared) {
        this.declared = declared;
    }

    @Override
    public MetricDeclaration declared() {
        return declared;
    }
}
