package dev.presage.testbed.server;

import dev.presage.testbed.engine.Engine;
import dev.presage.testbed.engine.EngineGauges;
import dev.presage.testbed.engine.FirstToken;
import dev.presage.testbed.engine.SimRequest;
import dev.presage.testbed.engine.StepResult;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Drives one engine by the clock on its own thread. Each step starts at the virtual time at which the one before ended,
 * so waking up late delays tokens but never stretches the run. Thread-safe; owned and closed by its server.
 *
 * <p>The map of generations is bounded by the requests that the server admits at once.
 */
final class EngineLoop implements AutoCloseable {
    private static final double NANOS_PER_MS = 1e6;

    private final Engine engine;
    private final LongSupplier nanos;
    private final double speedup;
    private final long origin;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SimRequest, Generation> generations = new IdentityHashMap<>();
    private long generatedTokens;
    private boolean closed;

    EngineLoop(Engine engine, String name, LongSupplier nanos, double speedup) {
        this.engine = engine;
        this.nanos = nanos;
        this.speedup = speedup;
        origin = nanos.getAsLong();
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    Generation submit(SimRequest request) {
        Generation generation = new Generation(request);
        lock.lock();
        try {
            if (closed) {
                generation.stop();
                return generation;
            }
            engine.submit(request, virtualNow());
            generations.put(request, generation);
        } finally {
            lock.unlock();
        }
        LockSupport.unpark(thread);
        return generation;
    }

    /** Drops a request whose client is gone; no effect when it has finished. */
    void abort(Generation generation) {
        lock.lock();
        try {
            if (generations.remove(generation.request()) != null) {
                engine.abort(generation.request());
            }
        } finally {
            lock.unlock();
        }
    }

    EngineGauges gauges() {
        lock.lock();
        try {
            return engine.gauges();
        } finally {
            lock.unlock();
        }
    }

    long generatedTokens() {
        lock.lock();
        try {
            return generatedTokens;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            generations.values().forEach(Generation::stop);
            generations.clear();
        } finally {
            lock.unlock();
        }
        LockSupport.unpark(thread);
    }

    private void run() {
        StepResult current = null;
        while (true) {
            lock.lock();
            try {
                if (closed) {
                    return;
                }
                double now = virtualNow();
                if (current != null && now >= current.endMs()) {
                    deliver(current);
                    current = step(current.endMs());
                } else if (current == null && !engine.idle()) {
                    current = step(now);
                }
            } finally {
                lock.unlock();
            }
            park(current);
        }
    }

    private @Nullable StepResult step(double nowMs) {
        StepResult step = engine.step(nowMs);
        return step.durationMs() > 0 ? step : null;
    }

    private void park(@Nullable StepResult current) {
        if (current == null) {
            LockSupport.park(this);
        } else {
            long deadline = origin + (long) (current.endMs() * NANOS_PER_MS / speedup) + 1;
            long wait = deadline - nanos.getAsLong();
            if (wait > 0) {
                LockSupport.parkNanos(this, wait);
            }
        }
    }

    private void deliver(StepResult step) {
        for (FirstToken first : step.firstTokens()) {
            Generation generation = generations.get(first.request());
            if (generation != null) {
                generation.firstToken(first.cachedTokens());
            }
        }
        for (SimRequest request : step.emitting()) {
            Generation generation = generations.get(request);
            if (generation != null) {
                generation.token();
                generatedTokens++;
            }
        }
        step.finished().forEach(generations::remove);
    }

    private double virtualNow() {
        return (nanos.getAsLong() - origin) * speedup / NANOS_PER_MS;
    }
}
