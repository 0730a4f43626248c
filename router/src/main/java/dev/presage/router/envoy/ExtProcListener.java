package dev.presage.router.envoy;

/** Told of what the protocol adapter meets, on its event loops: must not block and must not throw. */
public interface ExtProcListener {
    /** Hears nothing. */
    ExtProcListener NONE = new ExtProcListener() {};

    /**
     * A request was answered by the router itself.
     *
     * @param code the contract's name of the status
     * @param reason value of the dropped-reason header, may be empty
     */
    default void refused(String code, String reason) {}

    /** The rule {@code rule} sent a request for {@code model} to {@code target}. */
    default void rewritten(String rule, String model, String target) {}

    /** Our own code failed at {@code place}; the request went on if it could. */
    default void fault(String place, Throwable cause) {}

    /** A body was too long to be read to its end; it was routed on its beginning. */
    default void bodyOverLimit(long bytes) {}
}
