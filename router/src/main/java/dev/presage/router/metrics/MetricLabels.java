package dev.presage.router.metrics;

/** Sets of labels that several of the contract's metrics share, separated by spaces. */
final class MetricLabels {
    static final String MODELS = "model_name target_model_name";
    static final String OLD = MODELS + " priority";
    static final String REQUEST = MODELS + " fairness_id priority";
    static final String PLUGIN = "plugin_name plugin_type";
    static final String PREDICTOR = PLUGIN + " " + MODELS;
    static final String INFLIGHT = "endpoint_name namespace producer_name fairness_id priority";

    private MetricLabels() {}
}
