package dev.presage.router.bbr;

/** Told what became of each body, on the event loop: must not block and must not throw. */
public interface BodyRoutingListener {
    /** Hears nothing. */
    BodyRoutingListener NONE = new BodyRoutingListener() {};

    /** The headers were set. */
    default void routed() {}

    /** The body has no model; it passed as it came. */
    default void modelAbsent() {}

    /** The body could not be read, or its model cannot stand in a header; it passed as it came. */
    default void modelUnreadable() {}
}
