package dev.presage.store.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.store.bundle.BundleId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentRequestsTest {
    private static final BundleId BUNDLE = new BundleId("sha256-" + "1".repeat(64));
    private static final long NOW = 1_700_000_000_000L;

    private final RecentRequests requests = RecentRequests.none();

    @Test
    void figuresAreThoseOfTheRequestsWithAnOutcome() {
        ConsoleFixture.traffic(200, BUNDLE, NOW, requests::decided, requests::ended);
        LiveFigures live = LiveFigures.of(
                requests, ConsoleFixture.POOL, bundle -> bundle.isEmpty() ? List.of() : List.of(0.5, 0.9), NOW);
        assertEquals(200, live.decisions());
        assertEquals(0.1, present(live.fallbacks().get("out-of-support")), 1e-9);
        // Every 300 ms one; the newest was a fallback.
        assertEquals(199 / 60.0, live.perSecond(), 0.02);
        assertEquals(180, live.pairs().size());
        // The median of |exp(0.15 z) - 1| is about 0.1.
        assertEquals(0.1, present(live.ttftError()), 0.03);
        assertTrue(present(live.covered()) > 0.85, live.toString());
        assertEquals(
                0, LiveFigures.of(requests, "other", bundle -> List.of(), NOW).decisions());
        assertEquals(
                0,
                LiveFigures.of(requests, ConsoleFixture.POOL, bundle -> List.of(), NOW + 3_600_000)
                        .decisions());
    }

    @Test
    void anOutcomeMayComeBeforeItsDecisionAndTheOldestLeaveFirst() {
        List<DecisionEvent> decisions = new ArrayList<>();
        List<OutcomeEvent> outcomes = new ArrayList<>();
        ConsoleFixture.traffic(RecentRequests.MAX_REQUESTS + 10, BUNDLE, NOW, decisions::add, outcomes::add);
        outcomes.subList(0, 500).forEach(requests::ended);
        decisions.forEach(requests::decided);
        assertTrue(requests.find("req-0").isEmpty());
        assertNotNull(requests.find("req-499").orElseThrow().outcome());
        assertNull(requests.find("req-500").orElseThrow().outcome());
        assertEquals(
                RecentRequests.MAX_REQUESTS,
                requests.newest(Integer.MAX_VALUE, entry -> true).size());
        DecisionEvent huge = decisions.getFirst().toBuilder()
                .setRequestId("huge")
                .setModel("m".repeat((int) RecentRequests.MAX_BYTES - 10_000))
                .build();
        requests.decided(huge);
        assertTrue(requests.newest(Integer.MAX_VALUE, entry -> true).size() < 50, "bytes are bounded, too");
    }

    private static double present(@Nullable Double value) {
        return Objects.requireNonNull(value);
    }
}
