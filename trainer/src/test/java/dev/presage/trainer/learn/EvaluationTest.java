package dev.presage.trainer.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    @Test
    void theIntervalOfTheMedianErrorHoldsItIn95Of100Cases() {
        SplittableRandom random = new SplittableRandom(1);
        for (int n : List.of(20, 101, 1_000)) {
            int held = 0;
            for (int trial = 0; trial < 1_000; trial++) {
                // Errors spread evenly over 0 to 1, whose median is 0.5.
                Evaluation judged = errors(random.doubles(n).toArray());
                held += judged.medianErrorLow() <= 0.5 && 0.5 <= judged.medianErrorHigh() ? 1 : 0;
            }
            assertTrue(held >= 935 && held <= 990, held + " of 1000 with " + n + " samples");
        }
    }

    @Test
    void oneSampleIsItsOwnInterval() {
        Evaluation judged = errors(0.25);
        assertEquals(
                List.of(0.25, 0.25, 0.25),
                List.of(judged.medianErrorLow(), judged.medianError(), judged.medianErrorHigh()));
    }

    private static Evaluation errors(double... errors) {
        double[] actual = new double[errors.length];
        double[] predicted = new double[errors.length];
        for (int i = 0; i < errors.length; i++) {
            actual[i] = 1;
            predicted[i] = 1 + errors[i];
        }
        return Evaluation.of(actual, predicted, new double[errors.length][0], List.of());
    }
}
