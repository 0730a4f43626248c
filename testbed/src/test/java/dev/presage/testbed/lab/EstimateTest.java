package dev.presage.testbed.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EstimateTest {
    @Test
    void theIntervalIsStudents() {
        Estimate estimate = Estimate.of(new double[] {1, 2, 3, 4, 5});
        assertEquals(3, estimate.mean());
        assertEquals(2.78 * Math.sqrt(2.5 / 5), estimate.half(), 1e-9);
        assertEquals("3.00 ± 1.97", estimate.text("%.2f"));
    }

    @Test
    void oneSeedHasNoIntervalAndNoSeedNoFigure() {
        assertEquals("7.0", Estimate.of(new double[] {7}).text("%.1f"));
        assertEquals("", Estimate.of(new double[0]).text("%.1f"));
    }
}
