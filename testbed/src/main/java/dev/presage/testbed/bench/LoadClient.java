package dev.presage.testbed.bench;

import java.time.Duration;

/** Puts one kind of load on one server; used by one thread, closed by the server's owner. */
sealed interface LoadClient extends AutoCloseable permits ProcessorLoad, HttpLoad {
    /** Blocks for {@code window} and until the last requests have ended. */
    LoadCount run(int bodyBytes, LoadShape shape, Duration window) throws InterruptedException;

    @Override
    void close();
}
