package dev.presage.store.evidence;

import dev.presage.pipeline.proto.Sample;
import dev.presage.store.bundle.BundleId;

/** Compares the requests that canary and champion routed; which of them routed one is chance, so the two are alike. One thread. */
public final class CanaryJudge {
    private final BundleId champion;
    private final BundleId canary;
    private final BlockMeans ofChampion = new BlockMeans();
    private final BlockMeans ofCanary = new BlockMeans();

    public CanaryJudge(BundleId champion, BundleId canary) {
        this.champion = champion;
        this.canary = canary;
    }

    /** Takes a sample in; false when neither of the two routed it. Champion's requests before the canary's first do not count. */
    public boolean offer(Sample sample) {
        if (!sample.hasTtftMs()) {
            return false;
        }
        double log = Math.log(Math.max(0.01, sample.getTtftMs()));
        if (sample.getBundleId().equals(canary.value())) {
            ofCanary.add(log);
            return true;
        }
        if (sample.getBundleId().equals(champion.value()) && ofCanary.count() > 0) {
            ofChampion.add(log);
            return true;
        }
        return false;
    }

    public CanaryReport report() {
        Interval slower = null;
        if (ofChampion.isEnough() && ofCanary.isEnough()) {
            double difference = ofCanary.mean() - ofChampion.mean();
            double error = Math.hypot(ofCanary.standardError(), ofChampion.standardError());
            Interval log = Interval.around(difference, error);
            slower = new Interval(Math.expm1(log.estimate()), Math.expm1(log.low()), Math.expm1(log.high()));
        }
        return new CanaryReport(champion, canary, ofCanary.count(), ofChampion.count(), slower);
    }
}
