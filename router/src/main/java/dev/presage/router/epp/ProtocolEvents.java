package dev.presage.router.epp;

import dev.presage.router.envoy.ExtProcListener;
import dev.presage.router.metrics.RouterMetrics;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the protocol adapter tells: refusals go to the metrics; faults of our own code are logged at the first, the second, the
 * fourth and so on, so that a fault per request is no flood.
 */
final class ProtocolEvents implements ExtProcListener {
    private static final Logger LOG = LoggerFactory.getLogger(ProtocolEvents.class);

    private static final Set<String> NOT_SCHEDULED = Set.of("rejected-no-endpoints", "rejected-saturated");

    private final AtomicLong faults = new AtomicLong();
    private final RouterMetrics metrics;

    ProtocolEvents(RouterMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void refused(String code, String reason) {
        metrics.refused("", 0, code);
        if (NOT_SCHEDULED.contains(reason)) {
            metrics.notScheduled();
        }
    }

    @Override
    public void rewritten(String rule, String model, String target) {
        metrics.rewritten(rule, model, target);
    }

    @Override
    public void fault(String place, Throwable cause) {
        long count = faults.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            LOG.warn("fault {} while handling a request, at {}", count, place, cause);
        }
    }

    @Override
    public void bodyOverLimit(long bytes) {
        LOG.debug("a body beyond {} bytes streams through", bytes);
    }
}
