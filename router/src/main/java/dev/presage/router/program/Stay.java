package dev.presage.router.program;

/** Whether a request went where its session's cache is, and if not, why. Each is a metric label and a test. */
public enum Stay {
    /** It belongs to none, or is the first of it. */
    NONE("none"),
    STAYED("stayed"),
    /** The endpoint has left. */
    GONE("endpoint-gone"),
    /** It is there, but has no room, is out of rotation, or may not be used by this request. */
    FULL("full"),
    /** Elsewhere the request's targets can be met, or those of requests that run there. */
    TARGET("target"),
    /** Elsewhere its first token is predicted so much sooner that computing its context anew pays. */
    LOAD("load"),
    /** Its header says that it may go anywhere. */
    HEADER("header");

    private final String label;

    Stay(String label) {
        this.label = label;
    }

    /** Value of the metric's label. */
    public String label() {
        return label;
    }
}
