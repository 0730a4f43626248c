package dev.presage.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Ladder;
import dev.presage.router.predict.TestFleet;
import dev.presage.router.predict.TestModels;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LateQueueTest {
    private static final Endpoint ONLY =
            new Endpoint("default/a-rank-0", "10.0.0.1", 8000, Map.of("accelerator", "fast"));

    private final Random random = new Random(1);
    private long nanos = 1;

    @Test
    void anEndpointThatIsLateIsNotTakenToHaveDoneAllItsWork() {
        Fleet fleet = new Fleet();
        fleet.replace(List.of(ONLY));
        fleet.signals(ONLY.id(), new EngineSignals(0, 0, 0, 16, 100, Set.of(), 0));
        EndpointPicker picker = new EndpointPicker(
                fleet,
                new ApproximatePrefixIndex(1 << 16),
                Ladder.DEFAULT,
                List.of(),
                () -> nanos,
                () -> TestModels.TRAINED_AT,
                () -> random,
                Duration.ofDays(1));
        picker.serve(TestModels.work());
        Decision.Routed first = route(picker);
        route(picker);

        nanos += 60_000_000_000L;

        double stalledMs = route(picker).candidates().get(0, Feature.STALLED_MS);
        assertEquals(ttftMs(first), stalledMs, 1e-3, "as long as the first was to take");
    }

    private static Decision.Routed route(EndpointPicker picker) {
        return ((Routing.Started) picker.route(TestFleet.request(1_000), endpoint -> true)).decision();
    }

    private static double ttftMs(Decision.Routed decision) {
        Predictions predictions = decision.choice().predictions();
        assertNotNull(predictions);
        return predictions.locationMs(Target.TTFT, 0);
    }
}
