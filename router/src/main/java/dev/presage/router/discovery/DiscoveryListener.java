package dev.presage.router.discovery;

/** Told of every load of the endpoints file, on the loading thread; must not throw. */
public interface DiscoveryListener {
    DiscoveryListener NONE = new DiscoveryListener() {
        @Override
        public void loaded(int endpoints) {}

        @Override
        public void rejected(String reason) {}
    };

    /** A good file was published. */
    void loaded(int endpoints);

    /** A file was refused; the endpoints are as before. */
    void rejected(String reason);
}
