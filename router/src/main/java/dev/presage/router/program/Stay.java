package dev.presage.router.program;

/** Whether a request went where its session's cache is, and if not, why. Each is a metric label and a test. */
public enum Stay {
    /** It belongs to none, or is the first of it. */
    NONE("none"),
    STAYED("stayed"),
    /** The endpoint is no candidate: it has left, is out of rotation, or may not be used. */
    GONE("endpoint-gone"),
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
