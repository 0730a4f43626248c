package dev.presage.testbed.lab;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A mean over seeds.
 *
 * @param half of the width of its 95 % interval by Student's t; 0 with one seed
 * @param seeds how many
 */
record Estimate(double mean, double half, int seeds) {
    /** Two-sided 95 % quantiles of Student's t for 1 to 9 degrees of freedom; seeds are at most {@link #MOST_SEEDS}. */
    private static final double[] STUDENT = {12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26};

    static final int MOST_SEEDS = STUDENT.length + 1;

    /** The mean alone; NaN without any. */
    static <R> double mean(List<R> results, ToDoubleFunction<R> figure) {
        return results.stream().mapToDouble(figure).average().orElse(Double.NaN);
    }

    static Estimate of(List<PolicyResult> results, ToDoubleFunction<PolicyResult> figure) {
        return of(results.stream().mapToDouble(figure).toArray());
    }

    /** Of a figure divided by the same of another policy, seed by seed. */
    static Estimate ratio(
            List<PolicyResult> results, List<PolicyResult> others, ToDoubleFunction<PolicyResult> figure) {
        double[] ratios = new double[Math.min(results.size(), others.size())];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = figure.applyAsDouble(results.get(i)) / figure.applyAsDouble(others.get(i));
        }
        return of(ratios);
    }

    static Estimate of(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double mean = sum / values.length;
        if (values.length < 2) {
            return new Estimate(mean, 0, values.length);
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        int n = values.length;
        return new Estimate(mean, STUDENT[n - 2] * Math.sqrt(squares / (n - 1) / n), n);
    }

    /** With an interval; blank where there is nothing. */
    String text(String format) {
        if (Double.isNaN(mean)) {
            return "";
        }
        return half == 0
                ? String.format(Locale.ROOT, format, mean)
                : String.format(Locale.ROOT, format + " ± " + format, mean, half);
    }
}
