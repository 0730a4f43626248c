package dev.presage.store.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ExponentialTest {
    @Property(tries = 2_000)
    void isTheLibrarysToATrillionth(@ForAll @DoubleRange(min = -720, max = 720) double x) {
        assertEquals(Math.exp(x), Exponential.of(x), 1e-12 * Math.exp(x));
    }

    @Test
    void meetsItAtTheSeams() {
        for (double x = -3; x < 3; x += 1.0 / 4096) {
            assertEquals(Math.exp(x), Exponential.of(x), 1e-12 * Math.exp(x));
        }
        assertEquals(1, Exponential.of(0));
        assertEquals(1, Exponential.of(-0.0));
        assertEquals(Double.POSITIVE_INFINITY, Exponential.of(Double.POSITIVE_INFINITY));
        assertEquals(0, Exponential.of(Double.NEGATIVE_INFINITY));
        assertEquals(Double.NaN, Exponential.of(Double.NaN));
    }
}
