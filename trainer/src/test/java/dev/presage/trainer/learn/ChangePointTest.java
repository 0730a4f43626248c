package dev.presage.trainer.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangePointTest {
    private static double[] shifted(int size, int at, double shift, double noise, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, size)
                .mapToDouble(i -> noise * random.nextGaussian() + (i < at ? 0 : shift))
                .toArray();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noiseAloneIsNoShift(long seed) {
        assertEquals(0, ChangePoint.of(shifted(20_000, 0, 0, 0.3, seed)));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aShiftIsFoundWhereItIs(long seed) {
        assertEquals(3_000, ChangePoint.of(shifted(4_000, 3_000, Math.log(1.8), 0.15, seed)), 10);
        assertEquals(900, ChangePoint.of(shifted(1_000, 900, -0.5, 0.15, seed)), 10);
    }

    @Test
    void aShiftThatPicksWouldNotNoticeIsLeftAlone() {
        assertEquals(0, ChangePoint.of(shifted(20_000, 10_000, Math.log(1.05), 0.05, 1)));
    }

    @Test
    void aFewSamplesSayNothing() {
        assertEquals(0, ChangePoint.of(shifted(2 * ChangePoint.MIN_SIDE - 1, 100, 1, 0.05, 1)));
        assertEquals(0, ChangePoint.of(new double[0]));
    }

    @Test
    void stragglersHereAndThereAreNoShift() {
        double[] residuals = shifted(2_000, 0, 0, 0.1, 6);
        for (int i = 7; i < 2_000; i += 40) {
            residuals[i] = 20;
        }
        assertEquals(0, ChangePoint.of(residuals));
    }
}
