package dev.presage.trainer.learn;

import java.util.Arrays;

/**
 * Where the level of a sequence of log residuals shifted most, if it did: the maximum of the standardised difference of means
 * over all cuts (Page, "On problems in which a change in a parameter occurs at an unknown point", 1957). Noise is measured on
 * first differences, so that the shift itself does not count as noise.
 */
final class ChangePoint {
    /** Fewer samples on a side say nothing, and could not train a model. */
    static final int MIN_SIDE = 100;

    /** Ten percent is less than what picks notice. */
    private static final double MIN_SHIFT = Math.log(1.1);

    /** Residuals of real traffic come in runs, so that far more than chance must speak for a shift. */
    private static final double MIN_SIGNIFICANCE = 12;

    private static final double CLIP = 1.5;

    private ChangePoint() {}

    /** Index of the first residual after the shift; 0 when there is none. */
    static int of(double[] residuals) {
        int n = residuals.length;
        if (n < 2 * MIN_SIDE) {
            return 0;
        }
        double[] sum = new double[n + 1];
        for (int i = 0; i < n; i++) {
            sum[i + 1] = sum[i] + Math.clamp(residuals[i], -CLIP, CLIP);
        }
        double noise = noise(residuals);
        int best = 0;
        double strongest = MIN_SIGNIFICANCE * noise;
        for (int cut = MIN_SIDE; cut <= n - MIN_SIDE; cut++) {
            double shift = Math.abs(sum[cut] / cut - (sum[n] - sum[cut]) / (n - cut));
            double strength = shift * Math.sqrt((double) cut * (n - cut) / n);
            if (shift >= MIN_SHIFT && strength > strongest) {
                strongest = strength;
                best = cut;
            }
        }
        return best;
    }

    private static double noise(double[] residuals) {
        double[] steps = new double[residuals.length - 1];
        Arrays.setAll(steps, i -> Math.abs(residuals[i + 1] - residuals[i]));
        Arrays.sort(steps);
        // Median of |difference of two normals| is 0.9539 of one's standard deviation.
        return Math.max(0.01, steps[steps.length / 2] / 0.9539);
    }
}
