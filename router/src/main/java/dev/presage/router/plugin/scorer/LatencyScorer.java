package dev.presage.router.plugin.scorer;

import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Scorer;
import java.util.function.IntPredicate;

/**
 * Scores predicted headroom below the SLOs. Endpoints that keep them are scored, or if none does, the idle ones, or if none
 * is, those that miss only TPOT, only TTFT, or both, whichever comes first; all others get 0. Within that group both
 * headrooms are scaled to 0..1 and weighted: with strategy {@code least} the tightest fit is best, which packs endpoints, with
 * {@code most} the loosest. Among those that miss, the smallest miss is best. Without any prediction: {@link CompositeScore}.
 *
 * @param most strategy {@code most} instead of {@code least}
 */
record LatencyScorer(double ttftWeight, double tpotWeight, boolean most, CompositeScore composite) implements Scorer {
    private static final double NO_RANGE = 1e-9;
    private static final double MIDDLE = 0.5;
    private static final double STEPS = 100;

    static LatencyScorer read(Parameters given) {
        given.producers("latencyPredictionInfoProducerName", "prefixMatchInfoProducerName", "inFlightLoadProducerName");
        LatencyScorer scorer = new LatencyScorer(
                given.number("ttftWeight", 0, 1e6, 0.8),
                given.number("tpotWeight", 0, 1e6, 0.2),
                given.choice("headroomSelectionStrategy", "least", "least", "most")
                        .equals("most"),
                new CompositeScore(
                        given.number("compositeKVWeight", 0, 1e6, 1),
                        given.number("compositeQueueWeight", 0, 1e6, 1),
                        given.number("compositePrefixWeight", 0, 1e6, 1)));
        if (scorer.ttftWeight + scorer.tpotWeight == 0) {
            throw given.error("needs ttftWeight or tpotWeight above 0");
        }
        return scorer;
    }

    @Override
    public double[] score(Round round) {
        if (!round.anyPredicted()) {
            return composite.score(round);
        }
        if (any(round, i -> !misses(round, i))) {
            return scale(round, i -> !misses(round, i), most);
        }
        if (any(round, i -> idle(round, i))) {
            return scale(round, i -> idle(round, i), false);
        }
        IntPredicate onlyTpot = i -> round.ttftHeadroomMs(i) >= 0;
        IntPredicate onlyTtft = i -> round.tpotHeadroomMs(i) >= 0;
        if (any(round, onlyTpot)) {
            return scale(round, onlyTpot, false);
        }
        return scale(round, any(round, onlyTtft) ? onlyTtft : i -> true, false);
    }

    private static boolean misses(Round round, int candidate) {
        return round.predicted(candidate)
                && (round.ttftHeadroomMs(candidate) < 0 || round.tpotHeadroomMs(candidate) < 0);
    }

    private static boolean idle(Round round, int candidate) {
        return round.state(candidate).queue().inFlight() == 0;
    }

    private static boolean any(Round round, IntPredicate test) {
        for (int i = 0; i < round.size(); i++) {
            if (test.test(i)) {
                return true;
            }
        }
        return false;
    }

    private double[] scale(Round round, IntPredicate member, boolean loosest) {
        Span ttft = new Span();
        Span tpot = new Span();
        for (int i = 0; i < round.size(); i++) {
            if (member.test(i)) {
                ttft.add(ttft(round, i));
                tpot.add(tpot(round, i));
            }
        }
        double alpha = ttft.isFlat() && !tpot.isFlat() ? 0 : ttftWeight;
        double beta = tpot.isFlat() && !ttft.isFlat() ? 0 : tpotWeight;
        double sum = alpha + beta;
        double[] scores = new double[round.size()];
        for (int i = 0; i < scores.length; i++) {
            if (member.test(i)) {
                double combined = sum == 0
                        ? MIDDLE
                        : (alpha * ttft.share(ttft(round, i)) + beta * tpot.share(tpot(round, i))) / sum;
                scores[i] = (int) ((loosest ? combined : 1 - combined) * STEPS) / STEPS + 1 / STEPS;
            }
        }
        return scores;
    }

    private static double ttft(Round round, int i) {
        return round.predicted(i) ? Math.abs(round.ttftHeadroomMs(i)) : 0;
    }

    private static double tpot(Round round, int i) {
        return round.predicted(i) ? Math.abs(round.tpotHeadroomMs(i)) : 0;
    }

    /** The range of one headroom within the group. */
    private static final class Span {
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;

        void add(double value) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }

        boolean isFlat() {
            return max - min <= NO_RANGE;
        }

        double share(double value) {
            return isFlat() ? MIDDLE : (value - min) / (max - min);
        }
    }
}
