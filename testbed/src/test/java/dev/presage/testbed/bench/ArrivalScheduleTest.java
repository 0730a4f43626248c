package dev.presage.testbed.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class ArrivalScheduleTest {
    private static final int ARRIVALS = 20_000;

    @Property(tries = 20)
    void arrivalsNeverGoBackAndComeAtTheRate(
            @ForAll @IntRange(min = 1, max = 20_000) int perSecond,
            @ForAll @LongRange(min = 0, max = 1_000) long seed) {
        ArrivalSchedule schedule = new ArrivalSchedule(perSecond, new SplittableRandom(seed));
        long last = 0;
        for (int i = 0; i < ARRIVALS; i++) {
            long next = schedule.next();
            assertTrue(next >= last, next + " after " + last);
            last = next;
        }
        // The mean of n exponential gaps has a relative deviation of 1 / sqrt(n); six of them are 4.2 %.
        assertEquals(1e9 / perSecond, (double) last / ARRIVALS, 0.05 * 1e9 / perSecond);
    }

    @Property(tries = 5)
    void gapsVaryAsThoseOfAPoissonProcess(@ForAll @LongRange(min = 0, max = 1_000) long seed) {
        ArrivalSchedule schedule = new ArrivalSchedule(1_000, new SplittableRandom(seed));
        int longGaps = 0;
        long last = 0;
        for (int i = 0; i < ARRIVALS; i++) {
            long next = schedule.next();
            longGaps += next - last > 1_000_000 ? 1 : 0;
            last = next;
        }
        assertEquals(Math.exp(-1), (double) longGaps / ARRIVALS, 0.03);
    }
}
