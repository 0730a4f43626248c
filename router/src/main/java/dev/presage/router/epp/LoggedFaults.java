package dev.presage.router.epp;

import dev.presage.router.envoy.ExtProcListener;
import dev.presage.router.metrics.RouterMetrics;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts refusals, and faults of our own code: logs the first, the second, the fourth and so on: a fault per request is no flood. */
final class LoggedFaults implements ExtProcListener {
    private static final Logger LOG = LoggerFactory.getLogger(LoggedFaults.class);

    private final RouterMetrics metrics;
    private final AtomicLong faults = new AtomicLong();

    LoggedFaults(RouterMetrics metrics) {
        this.metrics = metrics;
    }

    /** The refused request's model is not known here; its error code is that of the contract's answer. */
    @Override
    public void refused(int httpStatus, String reason) {
        String code =
                switch (httpStatus) {
                    case 400 -> "BadRequest";
                    case 412 -> "PreconditionFailed";
                    case 429 -> "ResourceExhausted";
                    case 503 -> "ServiceUnavailable";
                    default -> "Internal";
                };
        metrics.refused("", 0, code);
    }

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
