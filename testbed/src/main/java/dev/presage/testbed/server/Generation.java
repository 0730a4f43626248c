package dev.presage.testbed.server;

import dev.presage.testbed.engine.SimRequest;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One request on its way: the engine's thread counts tokens in, the request's virtual thread waits for them. */
final class Generation {
    /** What {@link #await} has seen. */
    record Progress(int tokens, int cachedTokens, boolean stopped) {}

    private final SimRequest request;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int tokens;
    private int cachedTokens;
    private boolean stopped;

    Generation(SimRequest request) {
        this.request = request;
    }

    SimRequest request() {
        return request;
    }

    /** Waits until there are more than {@code seen} tokens, or the engine was stopped. */
    Progress await(int seen) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (tokens <= seen && !stopped) {
                changed.await();
            }
            return new Progress(tokens, cachedTokens, stopped);
        } finally {
            lock.unlock();
        }
    }

    void firstToken(int cached) {
        lock.lock();
        try {
            cachedTokens = cached;
        } finally {
            lock.unlock();
        }
    }

    void token() {
        lock.lock();
        try {
            tokens++;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
