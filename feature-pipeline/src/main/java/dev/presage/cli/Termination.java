package dev.presage.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a subcommand run until SIGTERM or Ctrl-C and then close what it owns in order: open it first in a
 * try-with-resources, so that it closes last. The JVM ends when it is closed, or {@value #GRACE_SECONDS} s after the
 * signal. Thread-safe.
 */
public final class Termination implements AutoCloseable {
    private static final long GRACE_SECONDS = 30;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private Termination() {}

    /** Installs the shutdown hook. */
    public static Termination install() {
        Termination termination = new Termination();
        Runtime.getRuntime().addShutdownHook(new Thread(termination::hook, "presage-termination"));
        return termination;
    }

    /** Waits for the signal. */
    public void await() throws InterruptedException {
        asked.await();
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private void hook() {
        asked.countDown();
        try {
            closed.await(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
