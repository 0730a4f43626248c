package dev.presage.router.plugin;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where plugins that throw are written down: the first, second, fourth and so on, so that the log stays short. Thread-safe. */
public final class FaultLog {
    private static final Logger LOG = LoggerFactory.getLogger(FaultLog.class);

    private final AtomicLong seen = new AtomicLong();

    /** {@code what} failed; the request goes on without it. */
    public void failed(String what, RuntimeException cause) {
        long count = seen.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            LOG.warn("{} failed, {} failures of plugins so far", what, count, cause);
        }
    }

    /** How many there were. */
    public long count() {
        return seen.get();
    }
}
