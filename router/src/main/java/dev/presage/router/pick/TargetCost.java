package dev.presage.router.pick;

import dev.presage.router.predict.Aim;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;

/**
 * Puts the request's latency targets before another cost. Candidates fall into three classes, and the cost decides within each:
 *
 * <ol>
 *   <li>those that meet the targets with the wanted confidence and leave the TPOT targets of the requests that run there
 *       likelier kept than not; the {@link dev.presage.router.predict.Placement} says which of them is best
 *   <li>those that miss the request's own, but nobody else's; the best is the likeliest to meet them
 *   <li>those that would break the TPOT target of a request that runs there; the best is the likeliest not to
 * </ol>
 *
 * <p>The chance of both targets is the product of the two, from the calibrated quantiles: errors of TTFT come from the queue
 * and errors of TPOT from what joins later. All requests of a batch share its steps, so that the predicted TPOT of the new
 * one is taken for theirs too. Without targets, its own or anybody's, the other cost stands alone.
 */
public record TargetCost(Cost base) implements Cost {
    /** More than any cost in milliseconds, so that no cost outweighs a class. */
    private static final double CLASS = 1e9;
    /** Milliseconds that certainty is worth within a class. */
    private static final double CERTAINTY = 10_000;
    /** Milliseconds that a request in flight is worth where requests are packed. */
    private static final double COMPANY = 100_000;

    /** A target is broken when it is likelier to be missed than kept. */
    private static final double BROKEN = 0.5;

    private static final int MEETS = 0;
    private static final int MISSES = 1;
    private static final int BREAKS = 2;

    /** Candidates of a worse class than the best cost more than any of it; the best class has costs of the usual size. */
    @Override
    public double[] costs(CandidateMatrix candidates, Predictions predictions) {
        double[] costs = base.costs(candidates, predictions);
        Aim aim = candidates.aim();
        if (!aim.targets().any() && !protects(candidates)) {
            return costs;
        }
        int[] classes = new int[costs.length];
        int best = BREAKS;
        int fullest = 0;
        for (int i = 0; i < costs.length; i++) {
            fullest = Math.max(fullest, candidates.state(i).queue().inFlight());
        }
        for (int i = 0; i < costs.length; i++) {
            double own = own(aim, predictions, i);
            double theirs = predictions.probabilityWithin(Target.TPOT, i, candidates.runningTpotMs(i));
            classes[i] = classOf(aim, own, theirs);
            best = Math.min(best, classes[i]);
            costs[i] += switch (classes[i]) {
                case MEETS ->
                    placed(
                            aim,
                            Math.min(own, theirs),
                            fullest - candidates.state(i).queue().inFlight());
                case MISSES -> (1 - own) * CERTAINTY;
                default -> (1 - Math.min(own, theirs)) * CERTAINTY;
            };
        }
        for (int i = 0; i < costs.length; i++) {
            costs[i] += CLASS * (classes[i] - best);
        }
        return costs;
    }

    private static boolean protects(CandidateMatrix candidates) {
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.runningTpotMs(i) < Double.POSITIVE_INFINITY) {
                return true;
            }
        }
        return false;
    }

    private static double placed(Aim aim, double chance, int fewer) {
        return aim.targets().any()
                ? switch (aim.placement()) {
                    case CHEAPEST -> 0;
                    case PACK -> fewer * COMPANY;
                    case SPREAD -> (1 - chance) * CERTAINTY;
                }
                : 0;
    }

    @Override
    public TargetStanding standing(CandidateMatrix candidates, Predictions predictions, int i) {
        Aim aim = candidates.aim();
        if (!aim.targets().any()) {
            return TargetStanding.NONE;
        }
        double own = own(aim, predictions, i);
        double theirs = predictions.probabilityWithin(Target.TPOT, i, candidates.runningTpotMs(i));
        return switch (classOf(aim, own, theirs)) {
            case MEETS -> TargetStanding.MET;
            case MISSES ->
                predictions.probabilityWithin(Target.TTFT, i, aim.targets().ttftMs())
                                <= predictions.probabilityWithin(
                                        Target.TPOT, i, aim.targets().tpotMs())
                        ? TargetStanding.TTFT_UNLIKELY
                        : TargetStanding.TPOT_UNLIKELY;
            default -> TargetStanding.RUNNING_BROKEN;
        };
    }

    private static int classOf(Aim aim, double own, double theirs) {
        if (theirs < BROKEN) {
            return BREAKS;
        }
        return own < aim.confidence() ? MISSES : MEETS;
    }

    private static double own(Aim aim, Predictions predictions, int i) {
        return predictions.probabilityWithin(Target.TTFT, i, aim.targets().ttftMs())
                * predictions.probabilityWithin(Target.TPOT, i, aim.targets().tpotMs());
    }
}
