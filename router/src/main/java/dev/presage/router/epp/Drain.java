package dev.presage.router.epp;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The time between the wish to stop and the stop. A gateway learns late that a router is not ready, and goes on to open streams on
 * the connection that it has: so the router serves on for as long as it was given, and stops early only when no gateway has been
 * connected for a while. Counts the connections of the ext_proc port. Thread-safe.
 */
final class Drain extends ServerTransportFilter {
    /** In this time a gateway that was about to connect has done so. */
    static final Duration QUIET = Duration.ofSeconds(5);

    private final LongSupplier nanoClock;
    private final Duration longestQuiet;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int connections;
    private boolean cut;
    private volatile boolean draining;

    /** {@code longestQuiet} is how long no gateway must have been connected. */
    Drain(LongSupplier nanoClock, Duration longestQuiet) {
        this.nanoClock = nanoClock;
        this.longestQuiet = longestQuiet;
    }

    @Override
    public Attributes transportReady(Attributes transport) {
        connections(1);
        return transport;
    }

    @Override
    public void transportTerminated(Attributes transport) {
        connections(-1);
    }

    private void connections(int more) {
        lock.lock();
        try {
            connections += more;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the router wishes to stop. */
    boolean draining() {
        return draining;
    }

    /** Not ready from now on. */
    void begin() {
        draining = true;
    }

    /** Waits until {@code patience} is over, no gateway is left, {@link #cut} is called or the thread is interrupted. */
    void await(Duration patience) throws InterruptedException {
        begin();
        Duration quiet = patience.compareTo(longestQuiet) < 0 ? patience : longestQuiet;
        long end = nanoClock.getAsLong() + patience.toNanos();
        lock.lock();
        try {
            long quietSince = nanoClock.getAsLong();
            while (!cut) {
                long now = nanoClock.getAsLong();
                quietSince = connections > 0 ? now : quietSince;
                long left = Math.min(end - now, connections > 0 ? Long.MAX_VALUE : quietSince + quiet.toNanos() - now);
                if (left <= 0) {
                    return;
                }
                changed.await(left, TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the waiting. */
    void cut() {
        lock.lock();
        try {
            cut = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
