package dev.presage.router.epp;

import dev.presage.router.EndpointPicker;
import dev.presage.router.config.RouterConfig;
import dev.presage.router.envoy.Queueing;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.flow.FlowControl;
import dev.presage.router.flow.FlowSettings;
import dev.presage.router.flow.PoolSaturation;
import dev.presage.router.flow.Ticket;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Round;
import dev.presage.router.request.InferenceRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Flow control of one router, if its configuration asks for it, with the thread that it needs. */
final class Entrance implements AutoCloseable {
    private final AtomicReference<@Nullable EndpointPicker> picker = new AtomicReference<>();
    private final RouterConfig config;
    private final Optional<FlowControl> flow;

    Entrance(RouterConfig config, Fleet fleet, LongSupplier nanoClock, Adapters adapters) {
        this.config = config;
        this.flow = config.flow().map(settings -> flow(settings, fleet, nanoClock, adapters));
        flow.ifPresent(control -> adapters.watch(control, this::saturation));
    }

    private FlowControl flow(FlowSettings settings, Fleet fleet, LongSupplier nanoClock, Adapters adapters) {
        return new FlowControl(
                settings,
                fleet,
                this::round,
                config.scheduling().detector(),
                nanoClock,
                adapters.flowListener(),
                adapters.programs());
    }

    private PoolSaturation saturation() {
        EndpointPicker routes = picker.get();
        if (routes == null) {
            return new PoolSaturation(Map.of(), 0);
        }
        Round round = routes.round(InferenceRequest.opaque("saturation", ""), endpoint -> true, latency());
        return PoolSaturation.of(round, config.scheduling().detector());
    }

    private EndpointPicker opened() {
        return Objects.requireNonNull(picker.get(), "opened");
    }

    private LatencySettings latency() {
        return config.scheduling().latency();
    }

    private Round round(Ticket ticket) {
        return opened().round(ticket.request(), ticket.allowed(), latency());
    }

    /** What must be told of every decision and outcome. */
    List<RoutingListener> listeners() {
        return flow.<List<RoutingListener>>map(List::of).orElse(List.of());
    }

    /** Requests are let in to this picker from now on. */
    Optional<Queueing> open(EndpointPicker routes) {
        picker.set(routes);
        return flow.map(control -> new Queueing(control.start(), Thread::startVirtualThread));
    }

    /** Who waits is turned away; who was let in goes on. */
    @Override
    public void close() {
        if (picker.get() != null) {
            flow.ifPresent(FlowControl::close);
        }
    }
}
