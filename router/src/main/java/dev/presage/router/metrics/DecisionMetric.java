package dev.presage.router.metrics;

import static dev.presage.router.metrics.MetricDeclaration.formerly;

/** The contract's metrics of decisions and of what they predicted. */
enum DecisionMetric implements ContractMetric {
    SCHEDULER_E2E(MetricDeclaration.of(
            "scheduler_e2e_duration_seconds",
            "Time of a decision",
            Bounds.WORK,
            "",
            formerly("inference_extension_scheduler_e2e_duration_seconds", ""))),
    SCHEDULER_ATTEMPTS(MetricDeclaration.of(
            "scheduler_attempts_total",
            "Decisions by outcome and endpoint",
            "status target_model_name endpoint_name namespace port",
            formerly(
                    "inference_extension_scheduler_attempts_total",
                    "status target_model_name pod_name=endpoint_name namespace port"))),
    PLUGIN_DURATION(MetricDeclaration.of(
            "plugin_duration_seconds",
            "Time in the policy that decided",
            Bounds.WORK,
            "extension_point plugin_type plugin_name",
            formerly("inference_extension_plugin_duration_seconds", "extension_point plugin_type plugin_name"))),
    MODEL_REWRITES(MetricDeclaration.of(
            "model_rewrite_decisions_total",
            "Requests sent to another model than they asked for",
            "model_rewrite_name model_name target_model",
            formerly(
                    "inference_extension_model_rewrite_decisions_total",
                    "model_rewrite_name model_name target_model"))),
    PREFIX_HIT_RATIO(MetricDeclaration.of(
            "prefix_indexer_hit_ratio",
            "Share of the prompt that the chosen endpoint is believed to hold",
            Bounds.RATIO,
            MetricLabels.PLUGIN,
            formerly("inference_extension_prefix_indexer_hit_ratio", MetricLabels.PLUGIN))),
    PREFIX_HIT_BYTES(MetricDeclaration.of(
            "prefix_indexer_hit_bytes",
            "Bytes of it",
            Bounds.HIT_BYTES,
            MetricLabels.PLUGIN,
            formerly("inference_extension_prefix_indexer_hit_bytes", MetricLabels.PLUGIN))),
    LATEST(MetricDeclaration.of(
            "inference_request_metric",
            "The last value of each type, in seconds; a violation is 0 or 1",
            MetricLabels.PREDICTOR + " type",
            formerly("inference_objective_inference_request_metric", MetricLabels.MODELS + " type"))),
    PREDICTED_TTFT(MetricDeclaration.of(
            "request_predicted_ttft_seconds",
            "Predicted time to the first token",
            Bounds.REQUEST,
            MetricLabels.PREDICTOR,
            formerly("inference_objective_request_predicted_ttft_seconds", MetricLabels.MODELS))),
    PREDICTED_TPOT(MetricDeclaration.of(
            "request_predicted_tpot_seconds",
            "Predicted time per token",
            Bounds.TPOT,
            MetricLabels.PREDICTOR,
            formerly("inference_objective_request_predicted_tpot_seconds", MetricLabels.MODELS))),
    TTFT_PREDICTION(MetricDeclaration.of(
            "request_ttft_prediction_duration_seconds",
            "Time of a predicted decision; both latencies are predicted in one pass",
            Bounds.WORK,
            MetricLabels.PREDICTOR,
            formerly("inference_objective_request_ttft_prediction_duration_seconds", MetricLabels.MODELS))),
    TPOT_PREDICTION(MetricDeclaration.of(
            "request_tpot_prediction_duration_seconds",
            "Time of a predicted decision; both latencies are predicted in one pass",
            Bounds.WORK,
            MetricLabels.PREDICTOR,
            formerly("inference_objective_request_tpot_prediction_duration_seconds", MetricLabels.MODELS))),
    SLO_VIOLATIONS(MetricDeclaration.of(
            "request_slo_violation_total",
            "Requests that were slower than their client asked for",
            MetricLabels.PREDICTOR + " type",
            formerly("inference_objective_request_slo_violation_total", MetricLabels.MODELS + " type")));

    private final MetricDeclaration declared;

    DecisionMetric(MetricDeclaration declared) {
        this.declared = declared;
    }

    @Override
    public MetricDeclaration declared() {
        return declared;
    }
}
