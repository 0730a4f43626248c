package dev.presage.store.evidence;

import dev.presage.pipeline.proto.Sample;
import dev.presage.store.bundle.BundleId;
import java.util.List;

/**
 * Estimates from the samples of other deciders what a shadow's picks would have led to. A decision counts with weight 1 / propensity when the
 * shadow would have chosen the same endpoint, else with 0. One thread; keeps sums only.
 */
public final class OffPolicyJudge {
    static final int MIN_EFFECTIVE = 100;
    static final double MIN_SUPPORT = 0.8;

    private final BundleId version;
    private final List<Double> levels;
    private final BlockMeans logged = new BlockMeans();
    private final BlockMeans weights = new BlockMeans();
    private final BlockMeans weighted = new BlockMeans();
    private final BlockMeans doublyRobust = new BlockMeans();
    private double sumOfSquares;
    private double costSquares;
    private double costWeights;

    /** The levels are those of the version's manifest. */
    public OffPolicyJudge(BundleId version, List<Double> levels) {
        this.version = version;
        this.levels = levels;
    }

    /** Takes a sample in; false when the version did not shadow it, or its probability is not known. */
    public boolean offer(Sample sample) {
        if (!sample.getShadowBundleId().equals(version.value())
                || sample.getShadowTtftQuantilesMsCount() != levels.size()
                || !(sample.getPropensity() > 0)
                || !(sample.getShadowChoiceTtftMs() > 0)
                || !sample.hasTtftMs()) {
            return false;
        }
        double cost = sample.getTtftMs();
        double weight = sample.getShadowAgreed() ? 1 / sample.getPropensity() : 0;
        // The lowest quantile, as in the choice: any function of the candidate serves as the direct method, if it is
        // the same for both.
        double said = sample.getShadowTtftQuantilesMs(0);
        logged.add(cost);
        weights.add(weight);
        weighted.add(weight * cost);
        doublyRobust.add(sample.getShadowChoiceTtftMs() + weight * (cost - said));
        sumOfSquares += weight * weight;
        costSquares += weight * weight * cost * cost;
        costWeights += weight * weight * cost;
        return true;
    }

    public OffPolicyReport report() {
        long n = logged.count();
        double sum = weights.mean() * n;
        double effective = sumOfSquares == 0 ? 0 : sum * sum / sumOfSquares;
        String refusal = refusal(effective);
        if (!refusal.isEmpty()) {
            return new OffPolicyReport(version, n, effective, weights.mean(), refusal, null, null, null, null);
        }
        return new OffPolicyReport(
                version,
                n,
                effective,
                weights.mean(),
                "",
                Interval.around(logged.mean(), logged.standardError()),
                Interval.around(weighted.mean(), weighted.standardError()),
                selfNormalised(sum),
                Interval.around(doublyRobust.mean(), doublyRobust.standardError()));
    }

    private String refusal(double effective) {
        if (effective < MIN_EFFECTIVE || !weighted.isEnough()) {
            return "effective sample size %.0f is below %d".formatted(effective, MIN_EFFECTIVE);
        }
        if (weights.mean() < MIN_SUPPORT) {
            return "only %.0f %% of its picks could have been logged, want %.0f %%"
                    .formatted(100 * weights.mean(), 100 * MIN_SUPPORT);
        }
        return "";
    }

    /** Delta method over the decisions. */
    private Interval selfNormalised(double sum) {
        double estimate = weighted.mean() * weighted.count() / sum;
        double variance = costSquares - 2 * estimate * costWeights + estimate * estimate * sumOfSquares;
        return Interval.around(estimate, Math.sqrt(Math.max(0, variance)) / sum);
    }
}
