package dev.presage.router.epp;

import dev.presage.router.envoy.ExtProcListener;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts faults of our own code and logs the first, the second, the fourth and so on: a fault per request is no flood. */
final class LoggedFaults implements ExtProcListener {
    private static final Logger LOG = LoggerFactory.getLogger(LoggedFaults.class);

    private final AtomicLong faults = new AtomicLong();

    @Override
    public void fault(String place, Throwable cause) {
        long count = faults.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            LOG.warn("fault {} while handling a request, at {}", count, place, cause);
        }
    }

    long faults() {
        return faults.get();
    }
}
