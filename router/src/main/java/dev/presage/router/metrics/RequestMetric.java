package dev.presage.router.metrics;

import static dev.presage.router.metrics.MetricDeclaration.formerly;

/** The contract's metrics of requests, replies and their streams. */
enum RequestMetric implements ContractMetric {
    REQUESTS(MetricDeclaration.of(
            "request_total",
            "Requests",
            MetricLabels.REQUEST,
            formerly("inference_objective_request_total", MetricLabels.OLD))),
    REQUEST_ERRORS(MetricDeclaration.of(
            "request_error_total",
            "Requests that failed, by error code",
            MetricLabels.REQUEST + " error_code",
            formerly("inference_objective_request_error_total", "model_name target_model_name error_code"))),
    REQUEST_DURATION(MetricDeclaration.of(
            "request_duration_seconds",
            "From the request's headers to the end of its reply",
            Bounds.REQUEST,
            MetricLabels.REQUEST,
            formerly("inference_objective_request_duration_seconds", MetricLabels.MODELS))),
    REQUEST_SIZE(MetricDeclaration.of(
            "request_size_bytes",
            "Bytes of the request body",
            Bounds.REQUEST_BYTES,
            MetricLabels.REQUEST,
            formerly("inference_objective_request_sizes", MetricLabels.MODELS))),
    RESPONSE_SIZE(MetricDeclaration.of(
            "response_size_bytes",
            "Bytes of the reply",
            Bounds.RESPONSE_BYTES,
            MetricLabels.REQUEST,
            formerly("inference_objective_response_sizes", MetricLabels.MODELS))),
    INPUT_TOKENS(MetricDeclaration.of(
            "request_input_tokens",
            "Prompt tokens, as the engine counted them",
            Bounds.TOKENS,
            MetricLabels.REQUEST,
            formerly("inference_objective_input_tokens", MetricLabels.MODELS))),
    OUTPUT_TOKENS(MetricDeclaration.of(
            "request_output_tokens",
            "Generated tokens",
            Bounds.OUTPUT_TOKENS,
            MetricLabels.REQUEST,
            formerly("inference_objective_output_tokens", MetricLabels.MODELS))),
    CACHED_TOKENS(MetricDeclaration.of(
            "request_cached_tokens",
            "Prompt tokens that the engine found in its cache",
            Bounds.TOKENS,
            MetricLabels.REQUEST,
            formerly("inference_objective_prompt_cached_tokens", MetricLabels.MODELS))),
    RUNNING(MetricDeclaration.of(
            "request_running",
            "Requests sent and not ended",
            MetricLabels.REQUEST,
            formerly("inference_objective_running_requests", "model_name"))),
    NTPOT(MetricDeclaration.of(
            "request_ntpot_seconds",
            "Duration of the request per generated token",
            Bounds.NTPOT,
            MetricLabels.REQUEST,
            formerly("inference_objective_normalized_time_per_output_token_seconds", MetricLabels.MODELS))),
    TTFT(MetricDeclaration.of(
            "request_ttft_seconds",
            "From the request's headers to the first token",
            Bounds.REQUEST,
            MetricLabels.REQUEST + " streaming",
            formerly("inference_objective_request_ttft_seconds", MetricLabels.MODELS))),
    STREAMING_TPOT(MetricDeclaration.of(
            "request_streaming_tpot_seconds",
            "Time per token after the first",
            Bounds.TPOT,
            MetricLabels.REQUEST,
            formerly("inference_objective_request_tpot_seconds", MetricLabels.MODELS))),
    STREAMING_ITL(MetricDeclaration.of(
            "request_streaming_itl_seconds", "Time between two tokens", Bounds.TPOT, MetricLabels.REQUEST)),
    REQUEST_PROCESSING(MetricDeclaration.of(
            "request_processing_duration_seconds",
            "The router's own time on a request until it is answered",
            Bounds.WORK,
            "")),
    RESPONSE_PROCESSING(MetricDeclaration.of(
            "response_processing_duration_seconds", "The router's own time on a whole reply", Bounds.WORK, "")),
    STREAMS_OPEN(MetricDeclaration.of("extproc_streams_inflight", "Open ext_proc streams", "")),
    STREAM_DURATION(
            MetricDeclaration.of("extproc_stream_duration_seconds", "Life of an ext_proc stream", Bounds.STREAM, "")),
    STREAMS(MetricDeclaration.of("extproc_streams_total", "Ended ext_proc streams by gRPC code", "code"));

    private final MetricDeclaration declared;

    RequestMetric(MetricDeclaration declared) {
        this.declared = declared;
    }

    @Override
    public MetricDeclaration declared() {
        return declared;
    }
}
