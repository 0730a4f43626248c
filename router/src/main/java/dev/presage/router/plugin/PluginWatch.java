package dev.presage.router.plugin;

/**
 * Told what the profiles and plugins of a decision do while it is made, on the deciding thread: must not block and must not throw.
 * What it measures with is its own; a decision reads no clock.
 */
public interface PluginWatch {
    PluginWatch NONE = new PluginWatch() {};

    /** A profile decides among so many candidates; all that is told until it {@link #decided} belongs to it. */
    default void decides(String profile, int candidates) {}

    default void decided() {}

    /** The next plugin begins; the call after this one says which it was. */
    default void begins() {}

    default void filtered(Filter filter, int candidates, int left) {}

    default void scored(Scorer scorer, int candidates) {}
}
