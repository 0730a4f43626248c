package dev.presage.testbed.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
    private static TraceRequest at(int position, double ms) {
        return new TraceRequest(position, ms, 10, 1, new long[0]);
    }

    @Test
    void keepsOrderAndStaysWithinTheInstantsOwnTime() {
        List<TraceRequest> trace = List.of(at(0, 0), at(1, 0), at(2, 0), at(3, 3_000), at(4, 3_000), at(5, 9_000));
        for (long seed = 1; seed <= 20; seed++) {
            List<TraceRequest> spread = Spread.evenly(trace, new SplittableRandom(seed));
            assertEquals(
                    IntStream.range(0, 6).boxed().toList(),
                    spread.stream().map(TraceRequest::position).toList());
            for (int i = 1; i < spread.size(); i++) {
                assertTrue(spread.get(i - 1).arrivalMs() <= spread.get(i).arrivalMs(), "seed " + seed);
            }
            assertTrue(spread.get(2).arrivalMs() < 3_000 && spread.get(3).arrivalMs() >= 3_000, "seed " + seed);
            assertTrue(spread.get(4).arrivalMs() < 9_000, "seed " + seed);
            assertEquals(9_000, spread.get(5).arrivalMs());
        }
    }

    @Test
    void theSameSeedGivesTheSameTimes() {
        List<TraceRequest> trace = Trace.mooncakeConversation().subList(0, 200);
        assertEquals(
                Spread.evenly(trace, new SplittableRandom(4)).stream()
                        .map(TraceRequest::arrivalMs)
                        .toList(),
                Spread.evenly(trace, new SplittableRandom(4)).stream()
                        .map(TraceRequest::arrivalMs)
                        .toList());
    }
}
