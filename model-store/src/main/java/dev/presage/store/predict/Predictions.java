package dev.presage.store.predict;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.features.Slices;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Output of one {@link Predictor#predict} call: the location of both targets per row. Refers to the rows that were predicted. Reusable and not
 * thread-safe: one per deciding thread. Quantiles are derived on demand, so only those that are read cost anything.
 */
public final class Predictions {
    /** No quantile is moved farther from where calibration put it, on the log scale. */
    private static final double FARTHEST = Math.log(3);

    /** More than a quantile loses on its way to milliseconds and back. */
    private static final double ROUNDING = 1e-12;

    private static final String UNUSED = "predict was never called with this output";

    private double[] location = new double[0];
    /** Before corrections: what the calibration goes by. */
    private double[] said = location;
    /** What the work model says of all that is in front, done or not. */
    private double[] whole = location;

    private OutputLength outputLength = OutputLength.UNKNOWN;
    private int rows;
    private @Nullable Predictor predictor;
    private float[] features = {};
    private int[] classes = {};
    private QuantileShifts shifts = QuantileShifts.NONE;

    /** Makes room; called by the predictor. */
    void reset(Predictor by, float[] predicted, int[] classIndex, int count) {
        predictor = by;
        features = predicted;
        classes = classIndex;
        shifts = QuantileShifts.NONE;
        outputLength = OutputLength.UNKNOWN;
        rows = count;
        int size = count * Target.values().length;
        if (location.length < size) {
            location = new double[size];
            said = new double[size];
            whole = new double[size];
        }
    }

    void set(int target, int row, double locationMs) {
        location[target * rows + row] = locationMs;
        said[target * rows + row] = locationMs;
    }

    void whole(int target, int row, double wholeMs) {
        whole[target * rows + row] = wholeMs;
    }

    /**
     * The endpoint of one row works so many times slower than the model learned: what is in front of the first token takes so much longer,
     * the time that has passed with it does not.
     */
    public void slow(int row, double times) {
        location[row] = said[row] * leftMs(row, times) / leftMs(row, 1);
    }

    /** How many times slower than learned the endpoint of one row was, if its TTFT came out as {@code ms}: what {@link #slow} undoes. */
    public double slowness(int row, double ms) {
        double leftMs = ms / said[row] * leftMs(row, 1);
        int offset = row * FeatureSchema.SIZE;
        double withStalled = (leftMs + features[offset + Feature.STALLED_MS.ordinal()]) / whole[row];
        double ofOwn = leftMs / (whole[row] * WorkTerm.ownShare(features, offset));
        return Math.min(withStalled, ofOwn);
    }

    private double leftMs(int row, double times) {
        return by().leftMs(Target.TTFT, times * whole[row], features, row * FeatureSchema.SIZE);
    }

    /** How long the reply will be, whoever gives it. */
    public void expect(OutputLength length) {
        outputLength = length;
    }

    /** How long the reply will be; {@link OutputLength#UNKNOWN} when the model does not say. */
    public OutputLength outputLength() {
        return outputLength;
    }

    public int rows() {
        return rows;
    }

    /** The predictor's quantile levels, ascending. Do not modify. */
    public double[] levels() {
        return by().quantiles();
    }

    /** The central estimate in milliseconds: what picks compare. */
    public double locationMs(Target target, int row) {
        return location[target.ordinal() * rows + row];
    }

    /** The quantile at the predictor's {@code level}-th level, in milliseconds. */
    public double quantileMs(Target target, int row, int level) {
        return quantileMs(target, row, level, shifts);
    }

    /** The same, with these shifts instead of those that it is read with. */
    public double quantileMs(Target target, int row, int level, QuantileShifts moved) {
        return locationMs(target, row) * Math.exp(offsets(target, row, moved)[level]);
    }

    /** Logarithms of what the location is multiplied with at each level, in ascending order. */
    private double[] offsets(Target target, int row, QuantileShifts moved) {
        CalibrationTable calibration = by().calibration(target);
        int slice = calibration.slice(said[target.ordinal() * rows + row]);
        double[] offsets = new double[levels().length];
        if (!moved.isNone()) {
            moved.addTo(offsets, target, bits(row), endpointClass(row));
        }
        double spread = calibration.spread(slice);
        for (int level = 0; level < offsets.length; level++) {
            double shifted =
                    calibration.offset(slice, level) + Math.clamp(spread * offsets[level], -FARTHEST, FARTHEST);
            // Levels are moved one by one; they must not cross.
            offsets[level] = level == 0 ? shifted : Math.max(offsets[level - 1], shifted);
        }
        return offsets;
    }

    /** Quantiles are read with these shifts from now on. */
    public void read(QuantileShifts moved) {
        shifts = moved;
    }

    /** What quantiles are read with. */
    public QuantileShifts shifts() {
        return shifts;
    }

    /** {@link Slices#bits} of the row. */
    int bits(int row) {
        return Slices.bits(features, row * FeatureSchema.SIZE);
    }

    /** What the row's endpoint was learned as; empty when its class was never seen. */
    String endpointClass(int row) {
        return by().className(classes[row]);
    }

    /**
     * Probability that the latency of one row is at most {@code ms}: log-odds between the calibrated quantiles are a line over
     * log latency, and the outermost lines go on beyond them. Never falls when {@code ms} rises. With fewer than two levels, or where
     * quantiles coincide, 0 below them and 1 from there on.
     */
    public double probabilityWithin(Target target, int row, double ms) {
        if (ms == Double.POSITIVE_INFINITY) {
            return 1;
        }
        double[] levels = levels();
        double[] offsets = offsets(target, row, shifts);
        double at = Math.log(Math.max(Double.MIN_NORMAL, ms) / locationMs(target, row)) + ROUNDING;
        int reached = 0;
        while (reached < offsets.length && offsets[reached] <= at) {
            reached++;
        }
        if (levels.length < 2) {
            return reached;
        }
        int low = Math.clamp(reached - 1, 0, levels.length - 2);
        double from = offsets[low];
        double to = offsets[low + 1];
        if (!(to > from)) {
            return reached == 0 ? 0 : 1;
        }
        double share = (at - from) / (to - from);
        double odds = logit(levels[low]) + share * (logit(levels[low + 1]) - logit(levels[low]));
        return 1 / (1 + Math.exp(-odds));
    }

    private static double logit(double probability) {
        return Math.log(probability / (1 - probability));
    }

    /** All quantiles of one row as floats, for the event log. */
    public float[] quantilesMs(Target target, int row) {
        double[] offsets = offsets(target, row, shifts);
        float[] values = new float[offsets.length];
        for (int level = 0; level < values.length; level++) {
            values[level] = (float) (locationMs(target, row) * Math.exp(offsets[level]));
        }
        return values;
    }

    private Predictor by() {
        return Objects.requireNonNull(predictor, UNUSED);
    }
}
