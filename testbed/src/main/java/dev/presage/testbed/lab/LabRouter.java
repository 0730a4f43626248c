package dev.presage.testbed.lab;

import dev.presage.router.EndpointPicker;
import dev.presage.router.eject.Rotation;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.peer.PeerFlights;
import dev.presage.router.pick.Scheduler;
import dev.presage.router.predict.Aim;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.InferenceRequest;
import dev.presage.testbed.engine.EngineProfile;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/** One router of a run: production's picker with its own accounts and prefix index, and what it hears of other routers. */
final class LabRouter {
    private final Fleet fleet = new Fleet();
    private final ApproximatePrefixIndex prefixes = new ApproximatePrefixIndex(1_000_000);
    private final PeerFlights peers;
    private final EndpointPicker picker;

    LabRouter(
            Scheduler scheduler,
            List<RoutingListener> listeners,
            VirtualClock clock,
            long seed,
            Function<InferenceRequest, Aim> aims) {
        peers = new PeerFlights(fleet, prefixes, clock, clock);
        SplittableRandom random = new SplittableRandom(seed);
        picker = new EndpointPicker(
                fleet,
                prefixes,
                scheduler,
                listeners,
                clock,
                clock,
                () -> random,
                Duration.ofSeconds(5),
                Rotation.ALL,
                aims);
    }

    /** The fleet is now these replicas. */
    void discovered(List<Replica> replicas) {
        List<Endpoint> endpoints = replicas.stream().map(Replica::endpoint).toList();
        fleet.replace(endpoints);
        prefixes.retain(endpoints);
        for (Replica replica : replicas) {
            prefixes.capacity(
                    replica.endpoint(), replica.engine().profile().kvBlocks() * (long) EngineProfile.BLOCK_TOKENS);
        }
    }

    /** Requests of other routers. */
    PeerFlights peers() {
        return peers;
    }

    Fleet fleet() {
        return fleet;
    }

    EndpointPicker picker() {
        return picker;
    }
}
