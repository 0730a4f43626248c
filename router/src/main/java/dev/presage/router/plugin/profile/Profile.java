package dev.presage.router.plugin.profile;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Fallback;
import dev.presage.router.pick.Itinerary;
import dev.presage.router.plugin.FaultLog;
import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.Picker;
import dev.presage.router.plugin.PluginWatch;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Scorer;
import dev.presage.router.plugin.picker.Pickers;
import dev.presage.router.plugin.scorer.Scorers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One scheduling profile: filters in order, weighted scorers whose clamped scores are added up, one picker.
 *
 * @param filters each leaves some of what the one before it left
 */
public record Profile(String name, List<Filter> filters, List<Weighted> scorers, Picker picker) {
    /** Name in metrics, events and reports. */
    private static final String POLICY = "heuristic";

    /** The contract's profile where none is configured. */
    public static final Profile DEFAULT = new Profile(
            "default",
            List.of(),
            List.of(new Weighted(Scorers.QUEUE, 2), new Weighted(Scorers.KV, 2), new Weighted(Scorers.PREFIX, 3)),
            Pickers.HIGHEST);

    /** A scorer and what its score counts. */
    public record Weighted(Scorer scorer, double weight) {
        public Weighted {
            if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("weight " + weight + " must be at least 0 and finite");
            }
        }
    }

    public Profile {
        filters = List.copyOf(filters);
        scorers = List.copyOf(scorers);
    }

    /** Whether it has an opinion on who is best. */
    public boolean prefers() {
        return !scorers.isEmpty() || !picker.equals(Pickers.HIGHEST);
    }

    /**
     * Those whom the binding filters let pass. A filter that fails lets all pass: a fault of ours does not refuse a request.
     */
    Round allowed(Round round, FaultLog faults, PluginWatch watch) {
        Round left = round;
        for (Filter filter : filters) {
            if (filter.binds() && !left.isEmpty()) {
                try {
                    left = left.only(kept(filter, left, watch).candidates());
                } catch (RuntimeException e) {
                    faults.failed(filter.getClass().getSimpleName(), e);
                }
            }
        }
        return left;
    }

    /** The pick by filters, scores and picker; empty when the filters leave nobody. Throws what plugins throw. */
    Optional<Decision.Routed> pick(Round round, Fallback why, PluginWatch watch) {
        Round left = round;
        double probability = 1;
        for (Filter filter : filters) {
            Kept kept = kept(filter, left, watch);
            if (kept.isEmpty()) {
                return Optional.empty();
            }
            left = left.only(kept.candidates());
            probability *= kept.probability();
        }
        double[] totals = totals(left, watch);
        Picker.Ranking ranking = picker.pick(totals, round.random());
        int chosen = ranking.candidates()[0];
        for (Weighted weighted : scorers) {
            weighted.scorer().chosen(left, chosen);
        }
        for (int i = 0; i < totals.length; i++) {
            totals[i] = -totals[i];
        }
        Choice choice = Choice.of(POLICY, chosen, totals, ranking.propensity() * probability);
        return Optional.of(new Decision.Routed(
                left.candidates(), choice, why, "", Itinerary.to(others(left, ranking.candidates()))));
    }

    private static Kept kept(Filter filter, Round round, PluginWatch watch) {
        watch.begins();
        Kept kept = filter.keep(round);
        watch.filtered(filter, round.size(), kept.candidates().length);
        return kept;
    }

    private double[] totals(Round round, PluginWatch watch) {
        double[] totals = new double[round.size()];
        for (Weighted weighted : scorers) {
            watch.begins();
            double[] scores = weighted.scorer().score(round);
            watch.scored(weighted.scorer(), scores.length);
            for (int i = 0; i < totals.length; i++) {
                double score = Double.isNaN(scores[i]) ? 0 : Math.clamp(scores[i], 0, 1);
                totals[i] += weighted.weight() * score;
            }
        }
        return totals;
    }

    private static List<Endpoint> others(Round round, int[] ranking) {
        List<Endpoint> others = new ArrayList<>(ranking.length - 1);
        for (int i = 1; i < ranking.length; i++) {
            others.add(round.state(ranking[i]).endpoint());
        }
        return others;
    }
}
