package dev.presage.testbed.lab;

import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.engine.StepResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The engines of a run, those that routers may pick among them, and what is still to happen to them. */
final class VirtualFleet {
    private record Due(double atMs, Runnable happens) {}

    private final List<Replica> engines = new ArrayList<>();
    private final Replica[] positions;
    private final boolean[] in;
    private final Consumer<List<Replica>> discovered;
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingDouble(Due::atMs));
    private List<Replica> present = List.of();

    VirtualFleet(FleetSpec spec, LabSettings settings, Consumer<List<Replica>> discovered) {
        this.discovered = discovered;
        for (EngineProfile profile : spec.replicas()) {
            engines.add(new Replica(engines.size(), profile, settings.labelled()));
        }
        positions = engines.toArray(Replica[]::new);
        in = new boolean[positions.length];
        for (int i = 0; i < in.length; i++) {
            int position = i;
            in[i] = settings.incidents().stream()
                    .noneMatch(incident -> incident instanceof Incident.Join join && join.replica() == position);
        }
        settings.incidents().forEach(incident -> at(incident.atMs(), () -> happens(incident)));
        publish();
    }

    /** Replicas that requests can be sent to, in the order in which routers know them. */
    List<Replica> present() {
        return present;
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

    private void at(double ms, Runnable happens) {
        due.add(new Due(ms, happens));
    }

    private void happens(Incident incident) {
        int i = incident.replica();
        switch (incident) {
            case Incident.Slow slow -> positions[i].engine().slowDown(slow.factor());
            case Incident.Leave leave -> in[i] = false;
            case Incident.Join join -> in[i] = true;
            case Incident.Restart restart -> {
                in[i] = false;
                at(restart.atMs() + restart.awayMs(), () -> {
                    positions[i] = positions[i].restarted();
                    engines.add(positions[i]);
                    in[i] = true;
                    publish();
                });
            }
        }
        publish();
    }

    private void publish() {
        List<Replica> now = new ArrayList<>();
        for (int i = 0; i < positions.length; i++) {
            if (in[i]) {
                now.add(positions[i]);
            }
        }
        present = List.copyOf(now);
        discovered.accept(present);
    }
}
