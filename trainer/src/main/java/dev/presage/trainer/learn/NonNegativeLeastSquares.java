package dev.presage.trainer.learn;

/**
 * Minimises {@code sum w (x.b - y)^2 + sum p_j (b_j - prior_j)^2} over {@code b >= 0} by cyclic coordinate descent on the normal
 * equations (Franc, Hlavac, Navara, "Sequential coordinate-wise algorithm for the non-negative least squares problem", 2005).
 * Accumulates samples one by one; memory is the square of the number of terms. Not thread-safe.
 */
final class NonNegativeLeastSquares {
    private static final int SWEEPS = 2_000;
    private static final double TOLERANCE = 1e-9;

    private final int terms;
    private final double[][] gram;
    private final double[] moment;
    private int samples;

    NonNegativeLeastSquares(int terms) {
        this.terms = terms;
        gram = new double[terms][terms];
        moment = new double[terms];
    }

    void add(double[] x, double y, double weight) {
        samples++;
        for (int i = 0; i < terms; i++) {
            double wx = weight * x[i];
            moment[i] += wx * y;
            for (int j = 0; j <= i; j++) {
                gram[i][j] += wx * x[j];
            }
        }
    }

    int samples() {
        return samples;
    }

    /**
     * Solves with a pull towards {@code prior} that weighs as much as {@code strength} samples of this data would.
     */
    double[] solve(double[] prior, double strength) {
        double[] pull = new double[terms];
        for (int i = 0; i < terms; i++) {
            pull[i] = gram[i][i] * strength / Math.max(1, samples) + 1e-12;
        }
        double[] beta = prior.clone();
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            double moved = 0;
            for (int i = 0; i < terms; i++) {
                double diagonal = gram[i][i] + pull[i];
                double gradient = moment[i] + pull[i] * prior[i];
                for (int j = 0; j < terms; j++) {
                    gradient -= j == i ? 0 : (j < i ? gram[i][j] : gram[j][i]) * beta[j];
                }
                double next = Math.max(0, gradient / diagonal);
                moved = Math.max(moved, Math.abs(next - beta[i]) * Math.sqrt(diagonal));
                beta[i] = next;
            }
            if (moved < TOLERANCE * Math.sqrt(Math.max(1, samples))) {
                break;
            }
        }
        return beta;
    }
}
