package dev.presage.testbed.load;

/** Told of every request that ended, on the thread that carried it; must be thread-safe and quick. */
@FunctionalInterface
public interface LoadListener {
    void ended(ClientSample sample);
}
