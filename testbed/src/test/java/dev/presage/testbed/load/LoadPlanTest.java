package dev.presage.testbed.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.presage.testbed.trace.TraceRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadPlanTest {
    private static final List<TraceRequest> TRACE = List.of(at(0, 1_000), at(1, 1_500), at(2, 5_000));

    @Test
    void keepsTheGapsAndStartsWithTheFirstRequest() {
        LoadPlan plan = LoadPlan.replay(TRACE, 2, Duration.ofMinutes(1), 10);
        assertEquals(
                List.of(0L, 250_000_000L, 2_000_000_000L),
                plan.requests().stream().map(PlannedRequest::dueNanos).toList());
    }

    @Test
    void endsWithTheTimeOrTheCount() {
        assertEquals(
                2,
                LoadPlan.replay(TRACE, 2, Duration.ofSeconds(2), 10).requests().size());
        assertEquals(
                1,
                LoadPlan.replay(TRACE, 2, Duration.ofMinutes(1), 1).requests().size());
    }

    @Test
    void refusesAPaceThatStandsStill() {
        assertThrows(IllegalArgumentException.class, () -> LoadPlan.replay(TRACE, 0, Duration.ofMinutes(1), 1));
        assertThrows(
                IllegalArgumentException.class, () -> LoadPlan.replay(TRACE, Double.NaN, Duration.ofMinutes(1), 1));
    }

    private static TraceRequest at(int position, double ms) {
        return new TraceRequest(position, ms, 10, 2, new long[0]);
    }
}
