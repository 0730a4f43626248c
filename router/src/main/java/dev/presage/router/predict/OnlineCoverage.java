package dev.presage.router.predict;

import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.QuantileFactors;
import dev.presage.store.predict.Target;

/**
 * Moves a model's quantiles with every outcome until as many stay below each as it says: adaptive conformal inference (Gibbs and Candès,
 * 2021) on the log scale, per target and slice of the model's own calibration. What it was calibrated on is where it starts; a fleet that
 * drifts or that feels the picks themselves is followed between trainings.
 *
 * <p>Outcomes come from any thread, under one lock; {@link #factors} takes none. Bounded by the model's calibration tables.
 */
final class OnlineCoverage {
    /** A miss of the p90 raises it by 0.9 times this, a hit lowers it by a tenth of it: some hundred outcomes move it by a tenth. */
    private static final double STEP = 0.02;
    /** No quantile is moved farther from where calibration put it. */
    private static final double FARTHEST = Math.log(3);

    /** What is farther from the location is no outcome of an endpoint's work; the trainer leaves it out, too. */
    private static final double FARTHEST_OUTCOME = Math.log(10);

    private final Predictor predictor;
    private final double[][] shifts = new double[Target.values().length][];
    private volatile QuantileFactors factors;

    OnlineCoverage(Predictor predictor) {
        this.predictor = predictor;
        factors = predictor.factors();
        for (Target target : Target.values()) {
            shifts[target.ordinal()] = new double[predictor.slices(target) * predictor.quantiles().length];
        }
    }

    /** What the next predictions are to be read with. */
    QuantileFactors factors() {
        return factors;
    }

    /** What these predictions said of one row came out as {@code ms}. */
    synchronized void saw(Predictions predictions, Target target, int row, double ms) {
        double said = Math.log(Math.max(0.01, ms) / predictions.locationMs(target, row));
        if (Math.abs(said) > FARTHEST_OUTCOME) {
            return;
        }
        double[] levels = predictor.quantiles();
        int from = predictions.slice(target, row) * levels.length;
        double[] known = shifts[target.ordinal()];
        QuantileFactors calibrated = predictor.factors();
        double[] moved = new double[levels.length];
        double highest = Double.NEGATIVE_INFINITY;
        for (int level = 0; level < levels.length; level++) {
            double offset = Math.log(calibrated.at(target, from + level));
            double below = said <= offset + known[from + level] ? 1 : 0;
            known[from + level] = Math.clamp(known[from + level] + STEP * (levels[level] - below), -FARTHEST, FARTHEST);
            // Levels move one by one; they must not cross.
            highest = Math.max(highest, offset + known[from + level]);
            moved[level] = Math.exp(highest);
        }
        factors = factors.with(target, from, moved);
    }
}
