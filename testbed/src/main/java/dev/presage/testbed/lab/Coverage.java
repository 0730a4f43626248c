package dev.presage.testbed.lab;

import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** How often latencies stayed within each predicted quantile, over all and per slice. */
final class Coverage {
    private static final String ALL = "all";
    /** A smaller slice says little. */
    private static final int ENOUGH = 200;

    private final class Count {
        private int outcomes;
        private int[] within = new int[0];

        void add(double actualMs, Predictions predictions, int row) {
            int levels = predictions.levels().length;
            if (within.length != levels) {
                within = new int[levels];
                outcomes = 0;
            }
            outcomes++;
            for (int level = 0; level < levels; level++) {
                within[level] += actualMs <= predictions.quantileMs(target, row, level) ? 1 : 0;
            }
        }

        double share(int level) {
            return outcomes == 0 ? Double.NaN : (double) within[level] / outcomes;
        }
    }

    private final Target target;
    private final Map<String, Count> counts = new HashMap<>();
    private double[] levels = {};

    Coverage(Target target) {
        this.target = target;
    }

    void add(Collection<String> slices, double actualMs, Predictions predictions, int row) {
        levels = predictions.levels();
        counts.computeIfAbsent(ALL, name -> new Count()).add(actualMs, predictions, row);
        slices.forEach(
                slice -> counts.computeIfAbsent(slice, name -> new Count()).add(actualMs, predictions, row));
    }

    /** Share within each level, in the predictor's order; empty without predictions. */
    double[] overall() {
        Count all = counts.get(ALL);
        double[] shares = new double[levels.length];
        for (int level = 0; level < shares.length && all != null; level++) {
            shares[level] = all.share(level);
        }
        return shares;
    }

    /** How far the overall share is from its level at worst; NaN without predictions. */
    double overallGap() {
        double[] shares = overall();
        double worst = Double.NaN;
        for (int level = 0; level < shares.length; level++) {
            double gap = Math.abs(shares[level] - levels[level]);
            worst = Double.isNaN(worst) ? gap : Math.max(worst, gap);
        }
        return worst;
    }

    /** The share that is farthest from its level, over all levels and slices with at least 200 outcomes; NaN without any. */
    double worstGap() {
        double worst = Double.NaN;
        for (Count count : counts.values()) {
            for (int level = 0; level < levels.length && count.outcomes >= ENOUGH; level++) {
                double gap = Math.abs(count.share(level) - levels[level]);
                worst = Double.isNaN(worst) ? gap : Math.max(worst, gap);
            }
        }
        return worst;
    }
}
