package dev.presage.testbed.quickstart;

import dev.presage.router.fleet.Endpoint;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.server.EngineServer;
import dev.presage.testbed.server.EngineServerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One arm's simulated replicas behind real HTTP servers on ephemeral loopback ports. */
final class ReplicaSet implements AutoCloseable {
    static final String MODEL = "llama-2-70b";

    private final List<EngineServer> servers = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();

    private ReplicaSet() {}

    /** Starts a server for each profile; {@code speedUp} is engine time over wall time. */
    static ReplicaSet start(List<EngineProfile> fleet, double speedUp) {
        ReplicaSet replicas = new ReplicaSet();
        try {
            for (int i = 0; i < fleet.size(); i++) {
                EngineProfile profile = fleet.get(i);
                EngineServer server = EngineServer.start(
                        EngineServerOptions.of(profile, MODEL, 0).withSpeedup(speedUp));
                replicas.servers.add(server);
                replicas.endpoints.add(new Endpoint(
                        profile.hardware() + "-" + i,
                        "127.0.0.1",
                        server.port(),
                        Map.of("presage.dev/class", profile.name())));
            }
            return replicas;
        } catch (RuntimeException e) {
            replicas.close();
            throw e;
        }
    }

    /** As a router's discovery would see them; the same names in each arm. */
    List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    @Override
    public void close() {
        servers.forEach(EngineServer::close);
    }
}
