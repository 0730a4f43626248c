package dev.presage.router.plugin.picker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.plugin.Picker;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PickersTest {
    private static final int DRAWS = 40_000;

    @Test
    void theHighestScoreWinsAndTheNextFollow() {
        double[] totals = {0.5, 3, 1, 2};
        assertArrayEquals(
                new int[] {1}, Pickers.HIGHEST.pick(totals, new Random(1)).candidates());
        assertArrayEquals(
                new int[] {1, 3, 2},
                new MaxScorePicker(3).pick(totals, new Random(1)).candidates());
        assertEquals(4, new MaxScorePicker(9).pick(totals, new Random(1)).candidates().length);
    }

    @Test
    void frequenciesAreTheStatedPropensities() {
        assertFrequencies(Pickers.HIGHEST, new double[] {2, 1, 2, 2}, 1.0 / 3, 0, 1.0 / 3, 1.0 / 3);
        assertFrequencies(new RandomPicker(1), new double[] {9, 0}, 0.5, 0.5);
        assertFrequencies(new WeightedRandomPicker(2), new double[] {1, 0, 3}, 0.25, 0, 0.75);
        assertFrequencies(new WeightedRandomPicker(1), new double[] {0, 0}, 0.5, 0.5);
    }

    private static void assertFrequencies(Picker picker, double[] totals, double... expected) {
        Random random = new Random(11);
        int[] seen = new int[totals.length];
        for (int i = 0; i < DRAWS; i++) {
            Picker.Ranking ranking = picker.pick(totals, random);
            int first = ranking.candidates()[0];
            seen[first]++;
            assertEquals(expected[first], ranking.propensity(), 1e-9);
            assertEquals(
                    ranking.candidates().length,
                    Arrays.stream(ranking.candidates()).distinct().count());
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], (double) seen[i] / DRAWS, 0.012, picker + " candidate " + i);
        }
    }
}
