package dev.presage.store.predict;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Moves quantiles with every outcome until, in every slice of the requests, as many stay below each as it says: gradient steps on the
 * pinball loss of a sum over the slices that a request is in, which bring the coverage of each of them to its level whatever the data
 * (Angelopoulos, Jordan and Tibshirani, "Gradient equilibrium in online learning", 2025). What models were calibrated on is where it
 * starts; a fleet that drifts or that feels the picks themselves is followed between trainings, and from one model to the next: unless the
 * latest outcomes say that the next one is better off without, because what was mended was an error of the last model's own.
 *
 * <p>Routers move what they serve with it, the trainer's evaluation of a stream what it judges. Outcomes come from any thread, under one
 * lock; {@link #shifts} takes none. Bounded by the classes of the model in service and {@value #KEPT} outcomes a target.
 */
public final class OnlineCoverage {
    /** In spreads of the calibration: a miss of the p90 raises it in each of its slices by 0.9 times this, a hit lowers it by a tenth of it. */
    private static final double STEP = 0.01;
    /** Where more outcomes than this come between a decision and its own, steps are smaller: the news is old, and would be answered that often. */
    private static final double UNDERWAY = 80;
    /** Weight of one outcome in that number. */
    private static final double RECENT = 0.02;

    /** What is farther from the location is no outcome of an endpoint's work; the trainer leaves it out, too. */
    private static final double FARTHEST_OUTCOME = Math.log(10);

    /** Outcomes by which the next model is judged. */
    private static final int KEPT = 200;
    /** Fewer say nothing. */
    private static final int ENOUGH = 50;
    /** Standard errors by which it must be better off without. */
    private static final double SURE = 3;

    private record Outcome(float[] row, String endpointClass, double ms) {}

    private final double[] underway = new double[Target.values().length];
    private final Deque<Outcome>[] latest = deques();
    private volatile QuantileShifts shifts = QuantileShifts.NONE;
    private @Nullable Predictor serving;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Deque<Outcome>[] deques() {
        Deque[] deques = new Deque[Target.values().length];
        for (int target = 0; target < deques.length; target++) {
            deques[target] = new ArrayDeque<>(KEPT);
        }
        return deques;
    }

    /** What the next predictions are to be read with. */
    public QuantileShifts shifts() {
        return shifts;
    }

    /** Another model serves. */
    public synchronized void serves(Predictor next) {
        QuantileShifts kept = shifts.only(next.classes());
        for (Target target : Target.values()) {
            if (isBetterWithout(next, target, kept)) {
                kept = kept.without(target);
            }
        }
        shifts = kept;
        serving = next;
    }

    private boolean isBetterWithout(Predictor next, Target target, QuantileShifts moved) {
        Deque<Outcome> outcomes = latest[target.ordinal()];
        double sum = 0;
        double squares = 0;
        Predictions said = new Predictions();
        for (Outcome outcome : outcomes) {
            next.predict(outcome.row(), new int[] {next.classIndex(outcome.endpointClass())}, 1, said);
            double more =
                    loss(said, target, outcome.ms(), moved) - loss(said, target, outcome.ms(), QuantileShifts.NONE);
            sum += more;
            squares += more * more;
        }
        int count = outcomes.size();
        double variance = (squares - sum * sum / Math.max(1, count)) / Math.max(1, count - 1);
        return count >= ENOUGH && sum > SURE * Math.sqrt(count * Math.max(0, variance));
    }

    /** Pinball loss of all levels, of the logarithm. */
    private static double loss(Predictions said, Target target, double ms, QuantileShifts moved) {
        double[] levels = said.levels();
        double loss = 0;
        for (int level = 0; level < levels.length; level++) {
            double gap = Math.log(ms / said.quantileMs(target, 0, level, moved));
            loss += gap >= 0 ? levels[level] * gap : (levels[level] - 1) * gap;
        }
        return loss;
    }

    /**
     * What these predictions said of one row came out as {@code ms}; judged half by what was said, half by what would be said of it now. By the
     * latter alone, load that comes in waves is always met by quantiles that have just been moved for it, and those that decisions were made with
     * stay off; by the former alone, one error is answered as often as outcomes are under way. What a model before the one in service said is
     * judged by what that says now, and of an endpoint that was corrected says nothing.
     */
    public synchronized void saw(Predictions predictions, Target target, int row, double ms) {
        Predictor now = serving;
        if (now == null || predictions.isBy(now)) {
            judge(predictions, predictions.shifts(), predictions.shifts(), target, row, ms);
        } else if (!predictions.isCorrected(target, row)) {
            Predictions said = new Predictions();
            int known = now.classIndex(predictions.endpointClass(row));
            now.predict(predictions.features(row), new int[] {known}, 1, said);
            judge(said, predictions.shifts(), shifts, target, 0, ms);
        }
    }

    private static double below(double ms, double quantileMs) {
        return ms <= quantileMs ? 1 : 0;
    }

    /** @param served what the quantiles are held to besides what would be said now */
    private void judge(
            Predictions predictions,
            QuantileShifts decidedWith,
            QuantileShifts served,
            Target target,
            int row,
            double ms) {
        if (Math.abs(Math.log(Math.max(0.01, ms) / predictions.locationMs(target, row))) > FARTHEST_OUTCOME) {
            return;
        }
        int since = shifts.outcomes(target) - decidedWith.outcomes(target);
        underway[target.ordinal()] += RECENT * (since - underway[target.ordinal()]);
        double step = STEP * Math.min(1, UNDERWAY / Math.max(1, underway[target.ordinal()]));
        double[] levels = predictions.levels();
        double[] moves = new double[levels.length];
        for (int level = 0; level < levels.length; level++) {
            double below = (below(ms, predictions.quantileMs(target, row, level, served))
                            + below(ms, predictions.quantileMs(target, row, level, shifts)))
                    / 2;
            moves[level] = step * (levels[level] - below);
        }
        shifts = shifts.moved(predictions, target, row, moves);
        Deque<Outcome> kept = latest[target.ordinal()];
        if (kept.size() == KEPT) {
            kept.removeFirst();
        }
        kept.addLast(new Outcome(predictions.features(row), predictions.endpointClass(row), Math.max(0.01, ms)));
    }
}
