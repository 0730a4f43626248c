package dev.presage.router.discovery.kubernetes;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one task on a thread of its own whenever somebody asks, and at the latest after a pause. However many ask while it runs,
 * it runs once more. {@link #close} ends the thread and does not wait for a running task.
 */
final class Conflator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Conflator.class);

    private final Semaphore asked = new Semaphore(0);
    private final Supplier<Duration> pause;
    private final Runnable task;
    private final Thread thread;

    /** Not started yet: what is asked before {@link #start} is done then. */
    Conflator(String name, Supplier<Duration> pause, Runnable task) {
        this.pause = pause;
        this.task = task;
        thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Any thread; returns at once. */
    void ask() {
        asked.release();
    }

    private void run() {
        try {
            while (true) {
                if (asked.tryAcquire(pause.get().toMillis(), TimeUnit.MILLISECONDS)) {
                    asked.drainPermits();
                }
                runOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void runOnce() throws InterruptedException {
        try {
            task.run();
        } catch (RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LOG.warn("{} failed and goes on", thread.getName(), e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
