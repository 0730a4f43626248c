package dev.presage.router.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The contract's metrics, each declared once: name after the prefix, help, bounds, labels, and the deprecated name that the same
 * numbers also go by.
 */
enum ContractMetric {
    REQUESTS("request_total", "Requests", Labels.REQUEST, twin("inference_objective_request_total", Labels.OLD)),
    REQUEST_ERRORS(
            "request_error_total",
            "Requests that failed, by error code",
            Labels.REQUEST + " error_code",
            twin("inference_objective_request_error_total", "model_name target_model_name error_code")),
    REQUEST_DURATION(
            "request_duration_seconds",
            "From the request's headers to the end of its reply",
            Bounds.REQUEST,
            Labels.REQUEST,
            twin("inference_objective_request_duration_seconds", Labels.MODELS)),
    REQUEST_SIZE(
            "request_size_bytes",
            "Bytes of the request body",
            Bounds.REQUEST_BYTES,
            Labels.REQUEST,
            twin("inference_objective_request_sizes", Labels.MODELS)),
    RESPONSE_SIZE(
            "response_size_bytes",
            "Bytes of the reply",
            Bounds.RESPONSE_BYTES,
            Labels.REQUEST,
            twin("inference_objective_response_sizes", Labels.MODELS)),
    INPUT_TOKENS(
            "request_input_tokens",
            "Prompt tokens, as the engine counted them",
            Bounds.TOKENS,
            Labels.REQUEST,
            twin("inference_objective_input_tokens", Labels.MODELS)),
    OUTPUT_TOKENS(
            "request_output_tokens",
            "Generated tokens",
            Bounds.OUTPUT_TOKENS,
            Labels.REQUEST,
            twin("inference_objective_output_tokens", Labels.MODELS)),
    CACHED_TOKENS(
            "request_cached_tokens",
            "Prompt tokens that the engine found in its cache",
            Bounds.TOKENS,
            Labels.REQUEST,
            twin("inference_objective_prompt_cached_tokens", Labels.MODELS)),
    RUNNING(
            "request_running",
            "Requests sent and not ended",
            Labels.REQUEST,
            twin("inference_objective_running_requests", "model_name")),
    NTPOT(
            "request_ntpot_seconds",
            "Duration of the request per generated token",
            Bounds.NTPOT,
            Labels.REQUEST,
            twin("inference_objective_normalized_time_per_output_token_seconds", Labels.MODELS)),
    TTFT(
            "request_ttft_seconds",
            "From the request's headers to the first token",
            Bounds.REQUEST,
            Labels.REQUEST + " streaming",
            twin("inference_objective_request_ttft_seconds", Labels.MODELS)),
    STREAMING_TPOT(
            "request_streaming_tpot_seconds",
            "Time per token after the first",
            Bounds.TPOT,
            Labels.REQUEST,
            twin("inference_objective_request_tpot_seconds", Labels.MODELS)),
    STREAMING_ITL("request_streaming_itl_seconds", "Time between two tokens", Bounds.TPOT, Labels.REQUEST),
    AVERAGE_KV_CACHE(
            "average_kv_cache_utilization",
            "Mean share of KV cache in use",
            "name",
            twin("inference_pool_average_kv_cache_utilization", "name")),
    AVERAGE_QUEUE(
            "average_queue_size",
            "Mean of requests waiting in an engine",
            "name",
            twin("inference_pool_average_queue_size", "name")),
    AVERAGE_RUNNING(
            "average_running_requests",
            "Mean of requests running in an engine",
            "name",
            twin("inference_pool_average_running_requests", "name")),
    READY_ENDPOINTS("ready_endpoints", "Endpoints of the pool", "name", twin("inference_pool_ready_pods", "name")),
    STD_DEV_KV_CACHE("std_dev_kv_cache_utilization", "Standard deviation of the KV cache in use", "name"),
    STD_DEV_QUEUE("std_dev_queue_size", "Standard deviation of the requests waiting", "name"),
    STD_DEV_RUNNING("std_dev_running_requests", "Standard deviation of the requests running", "name"),
    ENDPOINT_QUEUE(
            "per_endpoint_queue_size",
            "Requests waiting in the engine",
            "name model_server_endpoint",
            twin("inference_pool_per_pod_queue_size", "name model_server_pod=model_server_endpoint")),
    SCHEDULER_E2E(
            "scheduler_e2e_duration_seconds",
            "Time of a decision",
            Bounds.WORK,
            "",
            twin("inference_extension_scheduler_e2e_duration_seconds", "")),
    SCHEDULER_ATTEMPTS(
            "scheduler_attempts_total",
            "Decisions by outcome and endpoint",
            "status target_model_name endpoint_name namespace port",
            twin(
                    "inference_extension_scheduler_attempts_total",
                    "status target_model_name pod_name=endpoint_name namespace port")),
    PLUGIN_DURATION(
            "plugin_duration_seconds",
            "Time in the policy that decided",
            Bounds.WORK,
            "extension_point plugin_type plugin_name",
            twin("inference_extension_plugin_duration_seconds", "extension_point plugin_type plugin_name")),
    REQUEST_PROCESSING(
            "request_processing_duration_seconds",
            "The router's own time on a request until it is answered",
            Bounds.WORK,
            ""),
    RESPONSE_PROCESSING(
            "response_processing_duration_seconds", "The router's own time on a whole reply", Bounds.WORK, ""),
    INFO("info", "The build", "commit build_ref", twin("inference_extension_info", "commit build_ref")),
    MODEL_REWRITES(
            "model_rewrite_decisions_total",
            "Requests sent to another model than they asked for",
            "model_rewrite_name model_name target_model",
            twin("inference_extension_model_rewrite_decisions_total", "model_rewrite_name model_name target_model")),
    POLL_ERRORS(
            "datalayer_poll_errors_total",
            "Scrapes that failed",
            "source_type",
            twin("llm_d_inference_scheduler_datalayer_poll_errors_total", "source_type")),
    EXTRACT_ERRORS(
            "datalayer_extract_errors_total",
            "Scrapes whose page could not be used",
            "source_type extractor_type",
            twin("llm_d_inference_scheduler_datalayer_extract_errors_total", "source_type extractor_type")),
    PREFIX_SIZE(
            "prefix_indexer_size",
            "Blocks in the prefix index",
            Labels.PLUGIN,
            twin("inference_extension_prefix_indexer_size", Labels.PLUGIN)),
    PREFIX_HIT_RATIO(
            "prefix_indexer_hit_ratio",
            "Share of the prompt that the chosen endpoint is believed to hold",
            Bounds.RATIO,
            Labels.PLUGIN,
            twin("inference_extension_prefix_indexer_hit_ratio", Labels.PLUGIN)),
    PREFIX_HIT_BYTES(
            "prefix_indexer_hit_bytes",
            "Bytes of it",
            Bounds.HIT_BYTES,
            Labels.PLUGIN,
            twin("inference_extension_prefix_indexer_hit_bytes", Labels.PLUGIN)),
    INFLIGHT_REQUESTS("inflight_requests", "Requests sent and not ended, by endpoint", Labels.INFLIGHT),
    INFLIGHT_TOKENS("inflight_tokens", "Their prompt tokens", Labels.INFLIGHT),
    LATEST(
            "inference_request_metric",
            "The last value of each type, in seconds; a violation is 0 or 1",
            Labels.PREDICTOR + " type",
            twin("inference_objective_inference_request_metric", Labels.MODELS + " type")),
    PREDICTED_TTFT(
            "request_predicted_ttft_seconds",
            "Predicted time to the first token",
            Bounds.REQUEST,
            Labels.PREDICTOR,
            twin("inference_objective_request_predicted_ttft_seconds", Labels.MODELS)),
    PREDICTED_TPOT(
            "request_predicted_tpot_seconds",
            "Predicted time per token",
            Bounds.TPOT,
            Labels.PREDICTOR,
            twin("inference_objective_request_predicted_tpot_seconds", Labels.MODELS)),
    TTFT_PREDICTION(
            "request_ttft_prediction_duration_seconds",
            "Time of a predicted decision; both latencies are predicted in one pass",
            Bounds.WORK,
            Labels.PREDICTOR,
            twin("inference_objective_request_ttft_prediction_duration_seconds", Labels.MODELS)),
    TPOT_PREDICTION(
            "request_tpot_prediction_duration_seconds",
            "Time of a predicted decision; both latencies are predicted in one pass",
            Bounds.WORK,
            Labels.PREDICTOR,
            twin("inference_objective_request_tpot_prediction_duration_seconds", Labels.MODELS)),
    SLO_VIOLATIONS(
            "request_slo_violation_total",
            "Requests that were slower than their client asked for",
            Labels.PREDICTOR + " type",
            twin("inference_objective_request_slo_violation_total", Labels.MODELS + " type")),
    FLOW_QUEUE_DURATION(
            "flow_control_request_queue_duration_seconds",
            "Time in a queue, by how it ended",
            Bounds.QUEUE,
            Labels.REQUEST + " outcome inference_pool",
            twin(
                    "inference_extension_flow_control_request_queue_duration_seconds",
                    Labels.REQUEST + " outcome inference_pool")),
    FLOW_CYCLE_DURATION(
            "flow_control_dispatch_cycle_duration_seconds",
            "Time to send all that have room",
            Bounds.WORK,
            "",
            twin("inference_extension_flow_control_dispatch_cycle_duration_seconds", "")),
    FLOW_ENQUEUE_DURATION(
            "flow_control_request_enqueue_duration_seconds",
            "Time to put a request into its queue",
            Bounds.WORK,
            "fairness_id priority outcome",
            twin("inference_extension_flow_control_request_enqueue_duration_seconds", "fairness_id priority outcome")),
    FLOW_QUEUE_SIZE(
            "flow_control_queue_size",
            "Requests that wait in the router",
            Labels.REQUEST + " inference_pool",
            twin("inference_extension_flow_control_queue_size", Labels.REQUEST + " inference_pool")),
    FLOW_QUEUE_BYTES(
            "flow_control_queue_bytes",
            "Bytes of their bodies",
            Labels.REQUEST + " inference_pool",
            twin("inference_extension_flow_control_queue_bytes", Labels.REQUEST + " inference_pool")),
    FLOW_SATURATION(
            "flow_control_pool_saturation",
            "Mean saturation of the endpoints of a stage",
            "inference_pool stage",
            twin("inference_extension_flow_control_pool_saturation", "inference_pool stage")),
    FLOW_STALE("flow_control_stale_endpoints", "Endpoints whose signals are too old for the detector", "detector"),
    FLOW_BAND_REQUESTS(
            "flow_control_capacity_utilization_requests",
            "Share of a band's requests that is taken",
            "priority inference_pool"),
    FLOW_BAND_BYTES(
            "flow_control_capacity_utilization_bytes",
            "Share of a band's bytes that is taken",
            "priority inference_pool"),
    FLOW_GLOBAL_REQUESTS(
            "flow_control_global_capacity_utilization_requests",
            "Share of all bands' requests that is taken; 0 without a limit",
            "inference_pool"),
    FLOW_GLOBAL_BYTES(
            "flow_control_global_capacity_utilization_bytes",
            "Share of all bands' bytes that is taken; 0 without a limit",
            "inference_pool"),
    FLOW_REQUESTS("flow_control_requests_total", "Requests that left flow control", "outcome priority inference_pool"),
    FLOW_REVOCATIONS_ISSUED(
            "flow_control_revocations_issued_total", "Requests that were being served and told to make room", ""),
    FLOW_REVOCATIONS("flow_control_revocations_total", "Those of them that have ended", ""),
    FLOW_RECLAIM_TARGET("flow_control_reclaim_target", "Requests to be told at once, at most", ""),
    FLOW_PENDING_RECLAIM("flow_control_pending_reclaim", "Requests told to make room and not ended", ""),
    FLOW_REVOCATION_CONFIRMATION(
            "flow_control_revocation_confirmation_seconds",
            "From telling a request to make room to its end",
            Bounds.QUEUE,
            ""),
    STREAMS_OPEN("extproc_streams_inflight", "Open ext_proc streams", ""),
    STREAM_DURATION("extproc_stream_duration_seconds", "Life of an ext_proc stream", Bounds.STREAM, ""),
    STREAMS("extproc_streams_total", "Ended ext_proc streams by gRPC code", "code");

    static final String PREFIX = "llm_d_epp_";

    /** Sets of labels that several metrics share. */
    private static final class Labels {
        static final String MODELS = "model_name target_model_name";
        static final String OLD = MODELS + " priority";
        static final String REQUEST = MODELS + " fairness_id priority";
        static final String PLUGIN = "plugin_name plugin_type";
        static final String PREDICTOR = PLUGIN + " " + MODELS;
        static final String INFLIGHT = "endpoint_name namespace producer_name fairness_id priority";
    }

    private final String name;
    private final String help;
    private final double[] bounds;
    private final List<String> labels;
    private final Optional<Twin> twin;

    ContractMetric(String name, String help, String labels) {
        this(name, help, new double[0], labels, null);
    }

    ContractMetric(String name, String help, double[] bounds, String labels) {
        this(name, help, bounds, labels, null);
    }

    ContractMetric(String name, String help, String labels, Twin twin) {
        this(name, help, new double[0], labels, twin);
    }

    ContractMetric(String name, String help, double[] bounds, String labels, @Nullable Twin twin) {
        this.name = name;
        this.help = help;
        this.bounds = bounds;
        this.labels = labels(labels);
        this.twin = Optional.ofNullable(twin);
    }

    private static List<String> labels(String spaced) {
        return spaced.isEmpty() ? List.of() : List.of(spaced.split(" "));
    }

    private static Twin twin(String name, String labels) {
        return Twin.of(name, labels(labels));
    }

    /** The name on the page, without the suffixes that a histogram's samples have. */
    String pageName() {
        return PREFIX + name;
    }

    String help() {
        return help;
    }

    List<String> labels() {
        return labels;
    }

    Optional<Twin> twin() {
        return twin;
    }

    /** {@code tags} are name, value, name, value. */
    Counter counter(MeterRegistry registry, String... tags) {
        return Counter.builder(meterName("_total"))
                .description(help)
                .tags(checked(tags))
                .register(registry);
    }

    Timer timer(MeterRegistry registry, String... tags) {
        return Timer.builder(meterName("_seconds"))
                .description(help)
                .serviceLevelObjectives(Bounds.durations(bounds))
                .tags(checked(tags))
                .register(registry);
    }

    DistributionSummary summary(MeterRegistry registry, String... tags) {
        return DistributionSummary.builder(pageName())
                .description(help)
                .serviceLevelObjectives(bounds)
                .tags(checked(tags))
                .register(registry);
    }

    Gauge gauge(MeterRegistry registry, Supplier<Number> value, String... tags) {
        // An underscore before "info" would be taken for the suffix of a type of its own.
        String own = this == INFO ? PREFIX.replaceAll("_$", ".") + name : pageName();
        return Gauge.builder(own, value).description(help).tags(checked(tags)).register(registry);
    }

    /** Records seconds. */
    static void seconds(Timer timer, double seconds) {
        timer.record((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
    }

    /** Micrometer adds the suffix itself. */
    private String meterName(String suffix) {
        String full = pageName();
        return full.endsWith(suffix) ? full.substring(0, full.length() - suffix.length()) : full;
    }

    private Tags checked(String... tags) {
        Tags all = Tags.of(tags);
        TreeSet<String> given = all.stream().map(tag -> tag.getKey()).collect(Collectors.toCollection(TreeSet::new));
        if (!given.equals(new TreeSet<>(labels))) {
            throw new IllegalArgumentException(pageName() + " has the labels " + labels + ", not " + given);
        }
        return all;
    }
}
