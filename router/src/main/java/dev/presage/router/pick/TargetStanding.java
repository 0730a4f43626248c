package dev.presage.router.pick;

/** How a choice stands to the request's latency targets. Each is a metric label, a field of the decision and a test. */
public enum TargetStanding {
    /** There were none, or whoever decided does not look at them. */
    NONE(""),
    /** It meets them, and those of the requests that run there. */
    MET("met"),
    /** Nobody meets them; this is the least bad, and its TTFT is the likelier miss. */
    TTFT_UNLIKELY("ttft-unlikely"),
    /** The same, and its TPOT is. */
    TPOT_UNLIKELY("tpot-unlikely"),
    /** Wherever it goes it breaks the TPOT target of requests that run there; this is the least bad. */
    RUNNING_BROKEN("running-broken");

    private final String label;

    TargetStanding(String label) {
        this.label = label;
    }

    /** Name on the wire; empty for {@link #NONE}. */
    public String label() {
        return label;
    }
}
