package dev.presage.trainer.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NonNegativeLeastSquaresTest {
    @Test
    void findsTheCoefficientsOfExactData() {
        SplittableRandom random = new SplittableRandom(1);
        NonNegativeLeastSquares system = new NonNegativeLeastSquares(3);
        for (int i = 0; i < 200; i++) {
            double[] x = {1, random.nextDouble(), random.nextDouble(0, 10)};
            system.add(x, 4 + 2 * x[1] + 0.5 * x[2], 1);
        }
        assertArrayEquals(new double[] {4, 2, 0.5}, system.solve(new double[3], 0), 1e-4);
    }

    @Test
    void aTermThatWouldBeNegativeIsLeftOut() {
        NonNegativeLeastSquares system = new NonNegativeLeastSquares(2);
        for (int i = 0; i < 50; i++) {
            system.add(new double[] {1, i}, 100 - i, 1);
        }
        double[] beta = system.solve(new double[2], 0);
        assertEquals(0, beta[1]);
        assertEquals(75.5, beta[0], 1e-6);
    }

    @Test
    void satisfiesTheOptimalityConditions() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 50; round++) {
            NonNegativeLeastSquares system = new NonNegativeLeastSquares(4);
            double[][] xs = new double[60][4];
            double[] ys = new double[60];
            for (int i = 0; i < xs.length; i++) {
                for (int j = 0; j < 4; j++) {
                    xs[i][j] = random.nextDouble();
                }
                ys[i] = random.nextDouble(-1, 2);
                system.add(xs[i], ys[i], 1);
            }
            double[] beta = system.solve(new double[4], 0);
            for (int j = 0; j < 4; j++) {
                double slope = 0;
                for (int i = 0; i < xs.length; i++) {
                    double fitted = 0;
                    for (int k = 0; k < 4; k++) {
                        fitted += beta[k] * xs[i][k];
                    }
                    slope += xs[i][j] * (fitted - ys[i]);
                }
                assertTrue(beta[j] >= 0, "round " + round);
                assertTrue(beta[j] > 0 ? Math.abs(slope) < 1e-3 : slope > -1e-3, "round " + round + " slope " + slope);
            }
        }
    }

    @Test
    void littleDataStaysNearThePrior() {
        NonNegativeLeastSquares system = new NonNegativeLeastSquares(1);
        system.add(new double[] {1}, 10, 1);
        assertEquals((10 + 4 * 2) / 5.0, system.solve(new double[] {2}, 4)[0], 1e-6);
    }
}
