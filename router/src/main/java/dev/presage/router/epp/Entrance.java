package dev.presage.router.epp;

import dev.presage.router.EndpointPicker;
import dev.presage.router.config.RouterConfig;
import dev.presage.router.envoy.Queueing;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.flow.FlowControl;
import dev.presage.router.flow.FlowListener;
import dev.presage.router.flow.FlowSettings;
import dev.presage.router.flow.Ticket;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.plugin.Round;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Flow control of one router, if its configuration asks for it, with the threads that it needs. */
final class Entrance implements AutoCloseable {
    private final AtomicReference<@Nullable EndpointPicker> picker = new AtomicReference<>();
    private final ExecutorService answers = Executors.newVirtualThreadPerTaskExecutor();
    private final RouterConfig config;
    private final Optional<FlowControl> flow;

    Entrance(RouterConfig config, Fleet fleet, LongSupplier nanoClock, FlowListener listener) {
        this.config = config;
        this.flow = config.flow().map(settings -> flow(settings, fleet, nanoClock, listener));
    }

    private FlowControl flow(FlowSettings settings, Fleet fleet, LongSupplier nanoClock, FlowListener listener) {
        return new FlowControl(settings, fleet, this::round, config.scheduling().detector(), nanoClock, listener);
    }

    private Round round(Ticket ticket) {
        return Objects.requireNonNull(picker.get(), "opened")
                .round(ticket.request(), ticket.allowed(), config.scheduling().latency());
    }

    /** What must be told of every decision and outcome. */
    List<RoutingListener> listeners() {
        return flow.<List<RoutingListener>>map(List::of).orElse(List.of());
    }

    /** Requests are let in to this picker from now on. */
    Optional<Queueing> open(EndpointPicker routes) {
        picker.set(routes);
        return flow.map(control -> new Queueing(control.start(), answers, () -> Context.current()::wrap));
    }

    Optional<FlowControl> flow() {
        return flow;
    }

    /** Who waits is turned away; who was let in goes on. */
    @Override
    public void close() {
        if (picker.get() != null) {
            flow.ifPresent(FlowControl::close);
        }
    }
}
