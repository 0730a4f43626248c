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
    /** Milliseconds that certainty is worth within a class: a day, which leaves ties to the cost. */
    private static final double CERTAINTY = 86_400_000;
    /** Milliseconds that a request in flight is worth where requests are packed. */
    private static final double COMPANY = 100_000;

    /** A target is broken when it is likelier to be missed than kept. */
    private static final double BROKEN = 0.5;

    private static final int MEETS = 0;
    private static final int MISSES = 1;
    private static final int BREAKS = 2;

    @Override
    public double[] costs(CandidateMatrix candidates, Predictions predictions) {
        double[] costs = base.costs(candidates, predictions);
        for (int i = 0; i < costs.length; i++) {
            costs[i] = cost(candidates, predictions, i, costs[i]);
        }
        return costs;
    }

    private static double cost(CandidateMatrix candidates, Predictions predictions, int i, double cost) {
        Aim aim = candidates.aim();
        double running = candidates.runningTpotMs(i);
        if (!aim.targets().any() && running == Double.POSITIVE_INFINITY) {
            return cost;
        }
        double own = own(aim, predictions, i);
        double theirs = predictions.probabilityWithin(Target.TPOT, i, running);
        return switch (classOf(aim, own, theirs)) {
            case MEETS ->
                placed(
                        aim,
                        cost,
                        Math.min(own, theirs),
                        candidates.state(i).queue().inFlight());
            case MISSES -> CLASS * MISSES + (1 - own) * CERTAINTY + cost;
            default -> CLASS * BREAKS + (1 - Math.min(own, theirs)) * CERTAINTY + cost;
        };
    }

    private static double placed(Aim aim, double cost, double chance, int inFlight) {
        return aim.targets().any()
                ? switch (aim.placement()) {
                    case CHEAPEST -> cost;
                    case PACK -> cost - inFlight * COMPANY;
                    case SPREAD -> (1 - chance) * CERTAINTY + cost;
                }
                : cost;
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
