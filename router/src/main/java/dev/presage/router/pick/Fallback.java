package dev.presage.router.pick;

/** Why the learned policy did not decide. Each is a metric label, a field of the decision and a test. */
public enum Fallback {
    /** It did decide. */
    NONE(""),
    NO_MODEL("no-model"),
    MODEL_STALE("model-stale"),
    OUT_OF_SUPPORT("out-of-support"),
    CALIBRATION_OFF("calibration-off"),
    METRICS_STALE("metrics-stale"),
    BUDGET_EXCEEDED("budget-exceeded"),
    DISABLED("disabled"),
    /** A configured plugin threw. */
    PLUGIN_FAILED("plugin-failed");

    private final String label;

    Fallback(String label) {
        this.label = label;
    }

    /** Name on the wire; empty for {@link #NONE}. */
    public String label() {
        return label;
    }
}
