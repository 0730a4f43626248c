package dev.presage.store.predict;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Output of one {@link Predictor#predict} call: the location of both targets per row. Reusable and not
 * thread-safe: one per deciding thread. Quantiles are derived on demand, so only those that are read cost anything.
 */
public final class Predictions {
    private static final String UNUSED = "predict was never called with this output";

    private double[] location = new double[0];
    /** Before corrections: what the calibration goes by. */
    private double[] said = location;

    private OutputLength outputLength = OutputLength.UNKNOWN;
    private int rows;
    private @Nullable Predictor predictor;
    private @Nullable QuantileFactors factors;

    /** Makes room; called by the predictor. */
    void reset(Predictor by, int count) {
        predictor = by;
        factors = by.factors();
        outputLength = OutputLength.UNKNOWN;
        rows = count;
        int size = count * Target.values().length;
        if (location.length < size) {
            location = new double[size];
            said = new double[size];
        }
    }

    void set(int target, int row, double locationMs) {
        location[target * rows + row] = locationMs;
        said[target * rows + row] = locationMs;
    }

    /** Multiplies the distribution of one row: what is known of it besides the model. */
    public void correct(Target target, int row, double factor) {
        location[target.ordinal() * rows + row] *= factor;
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
        int at = target.ordinal() * rows + row;
        QuantileFactors known = Objects.requireNonNull(factors, UNUSED);
        return location[at] * known.at(target, slice(target, row) * levels().length + level);
    }

    /** The slice of the target's calibration that the row is in. */
    public int slice(Target target, int row) {
        return by().slice(target, said[target.ordinal() * rows + row]);
    }

    /** Quantiles are made with these factors instead of those that the predictor was calibrated with; another one's say nothing. */
    public void read(QuantileFactors corrected) {
        if (corrected.isOf(by())) {
            factors = corrected;
        }
    }

    /**
     * Probability that the latency of one row is at most {@code ms}: log-odds between the calibrated quantiles are a line over
     * log latency, and the outermost lines go on beyond them. Never falls when {@code ms} rises. With fewer than two levels, or where
     * quantiles coincide, 0 below them and 1 from there on.
     */
    public double probabilityWithin(Target target, int row, double ms) {
        double[] levels = levels();
        int reached = 0;
        while (reached < levels.length && quantileMs(target, row, reached) <= ms) {
            reached++;
        }
        if (levels.length < 2) {
            return reached;
        }
        int low = Math.clamp(reached - 1, 0, levels.length - 2);
        double from = Math.log(quantileMs(target, row, low));
        double to = Math.log(quantileMs(target, row, low + 1));
        if (!(to > from)) {
            return reached == 0 ? 0 : 1;
        }
        double share = (Math.log(Math.max(Double.MIN_NORMAL, ms)) - from) / (to - from);
        double odds = logit(levels[low]) + share * (logit(levels[low + 1]) - logit(levels[low]));
        return 1 / (1 + Math.exp(-odds));
    }

    private static double logit(double probability) {
        return Math.log(probability / (1 - probability));
    }

    /** All quantiles of one row as floats, for the event log. */
    public float[] quantilesMs(Target target, int row) {
        float[] values = new float[by().quantiles().length];
        for (int level = 0; level < values.length; level++) {
            values[level] = (float) quantileMs(target, row, level);
        }
        return values;
    }

    private Predictor by() {
        return Objects.requireNonNull(predictor, UNUSED);
    }
}
