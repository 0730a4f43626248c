package dev.presage.testbed.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class DistributionTest {
    @Test
    void quantilesAreNearestRank() {
        Distribution ten = new Distribution(new double[] {10, 1, 9, 2, 8, 3, 7, 4, 6, 5});
        assertEquals(5, ten.quantile(0.5));
        assertEquals(9, ten.quantile(0.9));
        assertEquals(10, ten.quantile(0.99));
        assertEquals(5.5, ten.mean());
    }

    @Test
    void leavesOutWhatWasNotMeasured() {
        Distribution one = new Distribution(new double[] {Double.NaN, 3});
        assertEquals(1, one.count());
        assertEquals(3, one.quantile(0.01));
        assertEquals(Double.NaN, new Distribution(new double[0]).quantile(0.5));
    }

    @Test
    void refusesLevelsOutsideTheRange() {
        Distribution empty = new Distribution(new double[0]);
        assertThrows(IllegalArgumentException.class, () -> empty.quantile(0));
        assertThrows(IllegalArgumentException.class, () -> empty.quantile(1.1));
    }
}
