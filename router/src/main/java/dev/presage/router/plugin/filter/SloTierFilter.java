package dev.presage.router.plugin.filter;

import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Round;

/**
 * Parts the endpoints that are predicted to keep the SLOs from the others and leaves the former, now and then the latter.
 *
 * @param exploration probability of the latter, when there are both
 */
record SloTierFilter(double exploration) implements Filter {
    static SloTierFilter read(Parameters given) {
        given.producers("latencyPredictionInfoProducerName");
        return new SloTierFilter(given.number("epsilonExploreNeg", 0, 1, 0.01));
    }

    @Override
    public boolean binds() {
        return false;
    }

    @Override
    public Kept keep(Round round) {
        if (round.size() < 2 || !round.anyPredicted()) {
            return Kept.all(round);
        }
        Kept positive = Kept.where(round, i -> positive(round, i));
        if (positive.isEmpty() || positive.candidates().length == round.size()) {
            return Kept.all(round);
        }
        boolean explore = exploration > 0 && round.random().nextDouble() < exploration;
        return explore
                ? Kept.where(round, i -> !positive(round, i)).drawn(exploration)
                : positive.drawn(1 - exploration);
    }

    private static boolean positive(Round round, int candidate) {
        return round.predicted(candidate)
                && round.ttftHeadroomMs(candidate) >= 0
                && round.tpotHeadroomMs(candidate) >= 0;
    }
}
