package dev.presage.router.kafka;

import dev.presage.router.EndpointPicker;
import dev.presage.router.Routing;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Held;
import dev.presage.router.pick.Ladder;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Round;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Routes requests through a real picker, so that events are those of production. */
final class Routed {
    private final EndpointPicker picker;

    Routed(int endpoints, RoutingListener listener) {
        Fleet fleet = new Fleet();
        List<Endpoint> members = new ArrayList<>();
        for (int i = 0; i < endpoints; i++) {
            members.add(new Endpoint("default/e" + i + "-rank-0", "10.0.0." + (i + 1), 8000, Map.of()));
        }
        fleet.replace(members);
        Random random = new Random(1);
        picker = new EndpointPicker(
                fleet,
                new ApproximatePrefixIndex(1 << 16),
                Ladder.DEFAULT,
                List.of(listener),
                () -> 5_000_000,
                () -> Instant.ofEpochMilli(1_000),
                () -> random,
                Duration.ofSeconds(1));
    }

    void challenge(ServingModel challenger) {
        picker.challenge(challenger);
    }

    /** One request from pick to end: two events. */
    void request(String id) {
        request(id, "");
    }

    /** The same, served by another endpoint than the chosen one unless {@code servedBy} is empty. */
    void request(String id, String servedBy) {
        if (!(picker.route(asked(id), endpoint -> true) instanceof Routing.Started started)) {
            throw new AssertionError("refused");
        }
        if (!servedBy.isEmpty()) {
            started.exchange().servedBy(servedBy);
        }
        started.exchange().responseStarted(200, true);
        started.exchange().streamedTokens(3, 6_000_000);
        started.exchange().end(EndCause.COMPLETED);
    }

    /** A request that was held before is routed. */
    void held(String id, Held held) {
        Round seen = picker.round(asked(id), endpoint -> true, LatencySettings.DEFAULT);
        if (!(picker.route(seen.candidates(), endpoint -> true, held) instanceof Routing.Started)) {
            throw new AssertionError("refused");
        }
    }

    /** A request is routed where these endpoints displace so much. */
    void displacing(String id, double... displaced) {
        Round seen = picker.round(asked(id), endpoint -> true, LatencySettings.DEFAULT);
        if (!(picker.route(seen.candidates().displacing(displaced), endpoint -> true, Held.NOT)
                instanceof Routing.Started)) {
            throw new AssertionError("refused");
        }
    }

    private static InferenceRequest asked(String id) {
        return new InferenceRequest(id, "client", "m", "m", Api.CHAT, 100, new long[] {1}, 10, true, 0, Map.of());
    }
}
