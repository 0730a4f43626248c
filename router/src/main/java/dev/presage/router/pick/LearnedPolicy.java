package dev.presage.router.pick;

import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.ServingModel;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import java.util.random.RandomGenerator;

/**
 * Picks the lowest predicted cost of one model, and now and then a near-best candidate in order to learn. Costs that differ from
 * the lowest by less than {@link #TIE} of its TTFT are no different to the model and are drawn from uniformly, so that many routers do not
 * herd.
 */
public record LearnedPolicy(ServingModel model, Cost objective, Exploration exploration) implements Policy {
    private static final double TIE = 0.001;

    @Override
    public String name() {
        return "learned";
    }

    @Override
    public Choice choose(CandidateMatrix candidates, RandomGenerator random) {
        Predictions predictions = model.predict(candidates);
        double[] costs = objective.costs(candidates, predictions);
        int cheapest = LowestCost.cheapest(costs);
        double lowest = costs[cheapest];
        double tie = lowest + TIE * predictions.locationMs(Target.TTFT, cheapest);
        Choice best = LowestCost.of(name(), costs, tie, random);
        int near = 0;
        for (double cost : costs) {
            near += exploration.admits(cost, lowest) ? 1 : 0;
        }
        if (exploration.share() == 0 || near < 2) {
            return choice(candidates, best.candidate(), costs, best.propensity(), false, predictions);
        }
        boolean explore = random.nextDouble() < exploration.share();
        int chosen = explore ? draw(costs, lowest, random.nextInt(near)) : best.candidate();
        double greedy = costs[chosen] <= tie ? best.propensity() : 0;
        double propensity = (1 - exploration.share()) * greedy + exploration.share() / near;
        return choice(candidates, chosen, costs, propensity, explore, predictions);
    }

    private int draw(double[] costs, double lowest, int skip) {
        int left = skip;
        for (int i = 0; i < costs.length; i++) {
            if (exploration.admits(costs[i], lowest) && left-- == 0) {
                return i;
            }
        }
        throw new IllegalStateException("fewer near-best candidates than counted");
    }

    private Choice choice(
            CandidateMatrix candidates,
            int candidate,
            double[] costs,
            double propensity,
            boolean explored,
            Predictions predictions) {
        return new Choice(
                name(),
                candidate,
                costs,
                propensity,
                explored,
                predictions,
                model.bundleId(),
                objective.standing(candidates, predictions, candidate));
    }
}
