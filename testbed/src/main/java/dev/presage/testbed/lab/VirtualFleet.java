package dev.presage.testbed.lab;

import dev.presage.router.fleet.Endpoint;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.engine.StepResult;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The engines of a run, those that routers may pick among them, and what is still to happen to them. */
final class VirtualFleet {
    private record Due(double atMs, Runnable happens) {}

    private final List<Replica> engines = new ArrayList<>();
    private final List<Replica> positions = new ArrayList<>();
    private final BitSet in = new BitSet();
    private final boolean labelled;
    private final Consumer<List<Replica>> discovered;
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingDouble(Due::atMs));
    private List<Replica> present = List.of();

    VirtualFleet(FleetSpec spec, LabSettings settings, Consumer<List<Replica>> discovered) {
        this.discovered = discovered;
        labelled = settings.labelled();
        for (EngineProfile profile : spec.replicas()) {
            int place = engines.size();
            Replica replica = new Replica(place, profile, labelled, spec.roles().get(place));
            engines.add(replica);
            positions.add(replica);
        }
        in.set(0, positions.size());
        for (Incident incident : settings.incidents()) {
            if (incident instanceof Incident.Join join) {
                in.clear(join.replica());
            }
        }
        settings.incidents().forEach(incident -> at(incident.atMs(), () -> happens(incident)));
        publish();
    }

    /** Replicas that requests can be sent to, in the order in which routers know them. */
    List<Replica> present() {
        return present;
    }

    /** Who is behind an endpoint that can be sent to. */
    Replica at(Endpoint endpoint) {
        for (Replica replica : present) {
            if (replica.endpoint().equals(endpoint)) {
                return replica;
            }
        }
        throw new IllegalArgumentException(endpoint.id() + " is not in the fleet");
    }

    double nextIncidentMs() {
        Due next = due.peek();
        return next == null ? Double.POSITIVE_INFINITY : next.atMs();
    }

    /** The next incident happens. */
    void incident() {
        Due next = due.poll();
        if (next != null) {
            next.happens().run();
        }
    }

    /** The engine whose step ends first, null when all are idle. */
    @Nullable
    Replica nextToEnd() {
        Replica first = null;
        double earliest = Double.POSITIVE_INFINITY;
        for (Replica replica : engines) {
            StepResult step = replica.step();
            if (step != null && step.endMs() < earliest) {
                earliest = step.endMs();
                first = replica;
            }
        }
        return first;
    }

    /** Something else is to happen at that time, too. */
    void at(double ms, Runnable happens) {
        due.add(new Due(ms, happens));
    }

    /** A new replica; it takes requests from now on. */
    void join(EngineProfile profile) {
        Replica replica = new Replica(engines.size(), profile, labelled, "");
        engines.add(replica);
        positions.add(replica);
        in.set(positions.size() - 1);
        publish();
    }

    /** The replica that joined last gets no more requests and ends what it has. */
    void leaveLast() {
        in.clear(in.length() - 1);
        publish();
    }

    private void happens(Incident incident) {
        int i = incident.replica();
        switch (incident) {
            case Incident.Slow slow -> positions.get(i).engine().slowDown(slow.factor());
            case Incident.Leave leave -> in.clear(i);
            case Incident.Join join -> in.set(i);
            case Incident.Restart restart -> {
                in.clear(i);
                at(restart.atMs() + restart.awayMs(), () -> {
                    Replica again = positions.get(i).restarted();
                    positions.set(i, again);
                    engines.add(again);
                    in.set(i);
                    publish();
                });
            }
        }
        publish();
    }

    private void publish() {
        present = in.stream().mapToObj(positions::get).toList();
        discovered.accept(present);
    }
}
