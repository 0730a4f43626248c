package dev.presage.router.slo;

/** What the router does about an SLO besides counting. Each includes those before it. */
public enum OnViolation {
    /** Nothing: requests are routed as if there were none. */
    LOG("Log"),
    /** Endpoints that are predicted to keep its targets are preferred. */
    PREFER("Prefer"),
    /** While it burns its budget too fast, requests of lower priority than its own are refused. */
    SHED_LOWER_PRIORITY("ShedLowerPriority");

    private final String label;

    OnViolation(String label) {
        this.label = label;
    }

    /** As documents write it. */
    public String label() {
        return label;
    }
}
