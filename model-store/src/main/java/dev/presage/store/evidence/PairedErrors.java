package dev.presage.store.evidence;

import dev.presage.store.predict.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Errors of champion and challenger on the same outcomes of one slice. One thread. */
final class PairedErrors {
    private final List<Double> championLevels;
    private final List<Double> challengerLevels;
    private final BlockMeans champion = new BlockMeans();
    private final BlockMeans difference = new BlockMeans();
    private final long[] championCovered;
    private final long[] challengerCovered;

    PairedErrors(List<Double> championLevels, List<Double> challengerLevels) {
        this.championLevels = championLevels;
        this.challengerLevels = challengerLevels;
        championCovered = new long[championLevels.size()];
        challengerCovered = new long[challengerLevels.size()];
    }

    void add(double actualMs, List<Float> championQuantiles, List<Float> challengerQuantiles) {
        double one = error(actualMs, championQuantiles, championLevels);
        champion.add(one);
        difference.add(one - error(actualMs, challengerQuantiles, challengerLevels));
        count(championCovered, actualMs, championQuantiles);
        count(challengerCovered, actualMs, challengerQuantiles);
    }

    long count() {
        return champion.count();
    }

    ShadowReport.Comparison comparison(String slice, Target target) {
        double error = champion.mean();
        return new ShadowReport.Comparison(
                slice,
                target,
                count(),
                new ShadowReport.Side(error, championLevels, shares(championCovered)),
                new ShadowReport.Side(error - difference.mean(), challengerLevels, shares(challengerCovered)),
                better(error));
    }

    /** The champion's error is known far better than the difference, so it is taken as given. */
    private @Nullable Interval better(double error) {
        return error > 0 && difference.isEnough()
                ? Interval.around(difference.mean() / error, difference.standardError() / error)
                : null;
    }

    private static double error(double actualMs, List<Float> quantiles, List<Double> levels) {
        return Math.abs(Math.log(Math.max(actualMs, 0.01) / Math.max(median(quantiles, levels), 0.01)));
    }

    /** The quantile whose level is nearest to a half. */
    static double median(List<Float> quantiles, List<Double> levels) {
        int best = 0;
        for (int i = 1; i < levels.size(); i++) {
            if (Math.abs(levels.get(i) - 0.5) < Math.abs(levels.get(best) - 0.5)) {
                best = i;
            }
        }
        return quantiles.get(best);
    }

    private static void count(long[] covered, double actualMs, List<Float> quantiles) {
        for (int i = 0; i < covered.length; i++) {
            covered[i] += actualMs <= quantiles.get(i) ? 1 : 0;
        }
    }

    private List<Double> shares(long[] covered) {
        List<Double> shares = new ArrayList<>();
        for (long each : covered) {
            shares.add((double) each / count());
        }
        return shares;
    }
}
