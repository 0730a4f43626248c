package dev.presage.router.predict;

/** Which of the candidates that meet a request's targets it goes to. */
public enum Placement {
    /** The one that costs least by the policy's objective, as without targets. */
    CHEAPEST("cheapest"),
    /** The one with the most requests in flight: others stay free for tighter targets, or can be scaled down. */
    PACK("pack"),
    /** The one most likely to meet them. */
    SPREAD("spread");

    private final String label;

    Placement(String label) {
        this.label = label;
    }

    /** As configuration writes it. */
    public String label() {
        return label;
    }
}
