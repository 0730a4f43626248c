package dev.presage.trainer.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How good predictions were on samples that they were not trained on.
 *
 * @param samples how many
 * @param medianError median of {@code |location - actual| / actual}
 * @param medianErrorLow lower end of its 95 % interval, by the ranks that hold the median whatever the distribution, for samples
 *     that do not depend on each other
 * @param medianErrorHigh upper end
 * @param meanError mean of the same
 * @param coverage share of outcomes at or below each predicted quantile, in the order of the levels
 * @param pinball mean pinball loss in milliseconds per level
 */
public record Evaluation(
        int samples,
        double medianError,
        double medianErrorLow,
        double medianErrorHigh,
        double meanError,
        List<Double> coverage,
        List<Double> pinball) {
    /** Of the normal distribution that the median's rank has nearly. */
    private static final double SIGMAS = 1.96;

    /** Nothing to judge by. */
    public static final Evaluation NONE =
            new Evaluation(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, List.of(), List.of());

    /** Judges {@code quantiles[i][level]} and {@code locations[i]} against {@code actual[i]}. */
    public static Evaluation of(double[] actual, double[] locations, double[][] quantiles, List<Double> levels) {
        int n = actual.length;
        if (n == 0) {
            return NONE;
        }
        double[] errors = new double[n];
        for (int i = 0; i < n; i++) {
            errors[i] = Math.abs(locations[i] - actual[i]) / actual[i];
        }
        List<Double> coverage = new ArrayList<>();
        List<Double> pinball = new ArrayList<>();
        for (int level = 0; level < levels.size(); level++) {
            double covered = 0;
            double loss = 0;
            for (int i = 0; i < n; i++) {
                double gap = actual[i] - quantiles[i][level];
                covered += gap <= 0 ? 1 : 0;
                loss += gap >= 0 ? levels.get(level) * gap : (levels.get(level) - 1) * gap;
            }
            coverage.add(covered / n);
            pinball.add(loss / n);
        }
        double mean = Arrays.stream(errors).average().orElseThrow();
        Arrays.sort(errors);
        int aside = (int) Math.ceil(SIGMAS * Math.sqrt(n) / 2);
        double low = errors[Math.max(0, n / 2 - aside)];
        double high = errors[Math.min(n - 1, n / 2 + aside)];
        return new Evaluation(n, errors[n / 2], low, high, mean, coverage, pinball);
    }
}
