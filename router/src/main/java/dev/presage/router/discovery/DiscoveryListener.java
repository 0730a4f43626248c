package dev.presage.router.discovery;

/** Told of every load of endpoints, from a file or from an API server, on the loading thread; must not throw. */
public interface DiscoveryListener {
    DiscoveryListener NONE = new DiscoveryListener() {
        @Override
        public void loaded(int endpoints) {}

        @Override
        public void rejected(String reason) {}
    };

    /** A new set of endpoints was published. */
    void loaded(int endpoints);

    /** A file was refused and the endpoints are as before, or one object of the API server was left out. */
    void rejected(String reason);

    /**
     * A watch of the API server ended or could not be opened, and is opened again. Servers and the client end watches after some
     * minutes too, so a slow count is normal.
     *
     * @param resource plural name such as {@code pods}
     */
    default void disconnected(String resource) {}
}
