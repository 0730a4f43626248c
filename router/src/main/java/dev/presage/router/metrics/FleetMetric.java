package dev.presage.router.metrics;

import static dev.presage.router.metrics.MetricDeclaration.formerly;

/** The contract's metrics of the endpoints, of what is read from them, and of the router itself. */
enum FleetMetric implements ContractMetric {
    AVERAGE_KV_CACHE(MetricDeclaration.of(
            "average_kv_cache_utilization",
            "Mean share of KV cache in use",
            "name",
            formerly("inference_pool_average_kv_cache_utilization", "name"))),
    AVERAGE_QUEUE(MetricDeclaration.of(
            "average_queue_size",
            "Mean of requests waiting in an engine",
            "name",
            formerly("inference_pool_average_queue_size", "name"))),
    AVERAGE_RUNNING(MetricDeclaration.of(
            "average_running_requests",
            "Mean of requests running in an engine",
            "name",
            formerly("inference_pool_average_running_requests", "name"))),
    READY_ENDPOINTS(MetricDeclaration.of(
            "ready_endpoints", "Endpoints of the pool", "name", formerly("inference_pool_ready_pods", "name"))),
    STD_DEV_KV_CACHE(
            MetricDeclaration.of("std_dev_kv_cache_utilization", "Standard deviation of the KV cache in use", "name")),
    STD_DEV_QUEUE(MetricDeclaration.of("std_dev_queue_size", "Standard deviation of the requests waiting", "name")),
    STD_DEV_RUNNING(
            MetricDeclaration.of("std_dev_running_requests", "Standard deviation of the requests running", "name")),
    ENDPOINT_QUEUE(MetricDeclaration.of(
            "per_endpoint_queue_size",
            "Requests waiting in the engine",
            "name model_server_endpoint",
            formerly("inference_pool_per_pod_queue_size", "name model_server_pod=model_server_endpoint"))),
    INFO(MetricDeclaration.of(
            "info", "The build", "commit build_ref", formerly("inference_extension_info", "commit build_ref"))),
    POLL_ERRORS(MetricDeclaration.of(
            "datalayer_poll_errors_total",
            "Scrapes that failed",
            "source_type",
            formerly("llm_d_inference_scheduler_datalayer_poll_errors_total", "source_type"))),
    EXTRACT_ERRORS(MetricDeclaration.of(
            "datalayer_extract_errors_total",
            "Scrapes whose page could not be used",
            "source_type extractor_type",
            formerly("llm_d_inference_scheduler_datalayer_extract_errors_total", "source_type extractor_type"))),
    PREFIX_SIZE(MetricDeclaration.of(
            "prefix_indexer_size",
            "Blocks in the prefix index",
            MetricLabels.PLUGIN,
            formerly("inference_extension_prefix_indexer_size", MetricLabels.PLUGIN))),
    INFLIGHT_REQUESTS(MetricDeclaration.of(
            "inflight_requests", "Requests sent and not ended, by endpoint", MetricLabels.INFLIGHT)),
    INFLIGHT_TOKENS(MetricDeclaration.of("inflight_tokens", "Their prompt tokens", MetricLabels.INFLIGHT));

    private final MetricDeclaration declared;

    FleetMetric(MetricDeclaration declared) {
        this.declared = declared;
    }

    @Override
    public MetricDeclaration declared() {
        return declared;
    }
}
