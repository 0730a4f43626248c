package dev.presage.store.predict;

import dev.presage.pipeline.features.Slices;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How far quantiles are moved from where calibration put them, by what came of earlier predictions: per target, level and slice of
 * the requests (load, prefix, prompt, endpoint class), each a part of a sum. In spreads of the model's own calibration, so that
 * what one model's outcomes have shown holds for the next. Immutable.
 */
public final class QuantileShifts {
    public static final QuantileShifts NONE = new QuantileShifts(new EnumMap<>(Target.class));

    private static final double[] UNMOVED = {};
    /** Spreads that one slice may add. */
    private static final double MOST = 3;

    /**
     * Of one target.
     *
     * @param outcomes that moved it
     * @param pairs two slices for each of {@link Slices#PAIRS}
     */
    private record Sums(int outcomes, double[][] pairs, Map<String, double[]> classes) {
        static final Sums NONE = new Sums(0, none(), Map.of());

        private static double[][] none() {
            double[][] pairs = new double[2 * Slices.PAIRS][];
            Arrays.fill(pairs, UNMOVED);
            return pairs;
        }
    }

    private final Map<Target, Sums> byTarget;

    private QuantileShifts(Map<Target, Sums> byTarget) {
        this.byTarget = byTarget;
    }

    boolean isNone() {
        return byTarget.isEmpty();
    }

    /** How many outcomes of the target have moved it. */
    public int outcomes(Target target) {
        return byTarget.getOrDefault(target, Sums.NONE).outcomes();
    }

    /** Adds to each level what it is moved by for a row of these {@link Slices#bits} on an endpoint of that class. */
    void addTo(double[] levels, Target target, int bits, String endpointClass) {
        Sums sums = byTarget.get(target);
        if (sums != null) {
            add(levels, sums.classes().getOrDefault(endpointClass, UNMOVED));
            for (int pair = 0; pair < Slices.PAIRS; pair++) {
                add(levels, sums.pairs()[place(bits, pair)]);
            }
        }
    }

    private static void add(double[] levels, double[] moved) {
        for (int level = 0; level < Math.min(levels.length, moved.length); level++) {
            levels[level] += moved[level];
        }
    }

    private static double at(double[] moved, int level) {
        return level < moved.length ? moved[level] : 0;
    }

    private static int place(int bits, int pair) {
        return 2 * pair + (bits >> pair & 1);
    }

    /** With every slice of one predicted row moved by so much per level. */
    public QuantileShifts moved(Predictions predictions, Target target, int row, double[] by) {
        Sums sums = byTarget.getOrDefault(target, Sums.NONE);
        int bits = predictions.bits(row);
        double[][] pairs = sums.pairs().clone();
        for (int pair = 0; pair < Slices.PAIRS; pair++) {
            int place = place(bits, pair);
            pairs[place] = plus(pairs[place], by);
        }
        Map<String, double[]> classes = new HashMap<>(sums.classes());
        classes.put(
                predictions.endpointClass(row),
                plus(classes.getOrDefault(predictions.endpointClass(row), UNMOVED), by));
        return with(target, new Sums(sums.outcomes() + 1, pairs, classes));
    }

    private static double[] plus(double[] moved, double[] by) {
        double[] sum = new double[by.length];
        for (int level = 0; level < sum.length; level++) {
            sum[level] = Math.clamp(at(moved, level) + by[level], -MOST, MOST);
        }
        return sum;
    }

    /** Without what is known of other endpoint classes than these and those never seen. */
    public QuantileShifts only(Set<String> classes) {
        QuantileShifts kept = this;
        for (Map.Entry<Target, Sums> entry : byTarget.entrySet()) {
            Map<String, double[]> left = new HashMap<>(entry.getValue().classes());
            left.keySet().removeIf(name -> !name.isEmpty() && !classes.contains(name));
            kept = kept.with(
                    entry.getKey(),
                    new Sums(entry.getValue().outcomes(), entry.getValue().pairs(), left));
        }
        return kept;
    }

    private QuantileShifts with(Target target, Sums sums) {
        Map<Target, Sums> changed = new EnumMap<>(Target.class);
        changed.putAll(byTarget);
        changed.put(target, sums);
        return new QuantileShifts(changed);
    }
}
