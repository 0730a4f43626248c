package dev.presage.router.predict;

import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.QuantileShifts;
import dev.presage.store.predict.Target;
import java.util.Set;

/**
 * Moves quantiles with every outcome until, in every slice of the requests, as many stay below each as it says: gradient steps on the
 * pinball loss of a sum over the slices that a request is in, which bring the coverage of each of them to its level whatever the data
 * (Angelopoulos, Jordan and Tibshirani, "Gradient equilibrium in online learning", 2025). What models were calibrated on is where it
 * starts; a fleet that drifts or that feels the picks themselves is followed between trainings, and from one model to the next.
 *
 * <p>Outcomes come from any thread, under one lock; {@link #shifts} takes none. Bounded by the classes of the model in service.
 */
final class OnlineCoverage {
    /** In spreads of the calibration: a miss of the p90 raises it in each of its slices by 0.9 times this, a hit lowers it by a tenth of it. */
    private static final double STEP = 0.01;
    /** Where more outcomes than this come between a decision and its own, steps are smaller: the news is old, and would be answered that often. */
    private static final double UNDERWAY = 80;
    /** Weight of one outcome in that number. */
    private static final double RECENT = 0.02;

    /** What is farther from the location is no outcome of an endpoint's work; the trainer leaves it out, too. */
    private static final double FARTHEST_OUTCOME = Math.log(10);

    private final double[] underway = new double[Target.values().length];
    private volatile QuantileShifts shifts = QuantileShifts.NONE;

    /** What the next predictions are to be read with. */
    QuantileShifts shifts() {
        return shifts;
    }

    /** A model of these classes serves. */
    synchronized void serves(Set<String> classes) {
        shifts = shifts.only(classes);
    }

    /** What these predictions said of one row came out as {@code ms}; judged by what would be said of it now. */
    synchronized void saw(Predictions predictions, Target target, int row, double ms) {
        if (Math.abs(Math.log(Math.max(0.01, ms) / predictions.locationMs(target, row))) > FARTHEST_OUTCOME) {
            return;
        }
        int since = shifts.outcomes(target) - predictions.shifts().outcomes(target);
        underway[target.ordinal()] += RECENT * (since - underway[target.ordinal()]);
        double step = STEP * Math.min(1, UNDERWAY / Math.max(1, underway[target.ordinal()]));
        double[] levels = predictions.levels();
        double[] moves = new double[levels.length];
        for (int level = 0; level < levels.length; level++) {
            double below = ms <= predictions.quantileMs(target, row, level, shifts) ? 1 : 0;
            moves[level] = step * (levels[level] - below);
        }
        shifts = shifts.moved(predictions, target, row, moves);
    }
}
