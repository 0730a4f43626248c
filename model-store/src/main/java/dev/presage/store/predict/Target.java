package dev.presage.store.predict;

/** What is predicted, both in milliseconds. */
public enum Target {
    /** Time to first token, from dispatch by the router. */
    TTFT,
    /** Mean time per output token after the first. */
    TPOT
}
