package dev.presage.router.epp;

import dev.presage.router.EndpointPicker;
import dev.presage.router.envoy.ExtProcListener;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.prefix.PrefixIndex;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything around the core that has a socket, a file or a thread: what listens to decisions, then what feeds the fleet and the
 * model. Closed in reverse order; one that fails to close does not keep the others open.
 */
final class Adapters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Adapters.class);

    private final FleetFlags flags;
    private final Fleet fleet;
    private final PrefixIndex prefixes;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    Adapters(FleetFlags flags, Fleet fleet, PrefixIndex prefixes) {
        this.flags = flags;
        this.fleet = fleet;
        this.prefixes = prefixes;
    }

    /** What is told of every decision; opened before the picker, closed after it. */
    List<RoutingListener> listeners() {
        return List.of();
    }

    /** What is told of the protocol. */
    ExtProcListener extProcListener() {
        return ExtProcListener.NONE;
    }

    /** Starts what feeds the fleet and the model. */
    void feed(EndpointPicker picker) {}

    /** Whether the pool is known, so that requests can be answered. */
    boolean ready() {
        return !fleet.endpoints().isEmpty();
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            AutoCloseable last = open.pop();
            try {
                last.close();
            } catch (Exception e) {
                LOG.warn("closing {}", last, e);
            }
        }
    }
}
