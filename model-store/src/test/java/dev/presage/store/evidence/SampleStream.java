package dev.presage.store.evidence;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.Sample;
import dev.presage.store.bundle.BundleId;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Samples whose latency is known to the test, predicted by two models with chosen errors. */
public final class SampleStream {
    private final Random random;
    private final BundleId champion;
    private final BundleId challenger;
    private long at;

    public SampleStream(BundleId champion, BundleId challenger, long seed) {
        this.champion = champion;
        this.challenger = challenger;
        random = new Random(seed);
    }

    /** The standard deviation of each model's log error; quantiles 0.5 and 0.9 are true to it, but for {@code stretch}. */
    public Sample next(double championError, double challengerError, double stretch) {
        double truth = 100 * Math.exp(random.nextGaussian());
        double one = truth * Math.exp(championError * random.nextGaussian());
        double other = truth * Math.exp(challengerError * random.nextGaussian());
        return Sample.newBuilder()
                .setSchemaVersion(1)
                .setRequestId("r" + at)
                .setPool("chat")
                .setDecidedAtMs(++at)
                .addAllFeatures(Collections.nCopies(FeatureSchema.SIZE, 1f))
                .setEndpointClass(at % 2 == 0 ? "h100" : "a100")
                .setTtftMs(truth)
                .setBundleId(champion.value())
                .addAllTtftQuantilesMs(quantiles(one, championError))
                .setShadowBundleId(challenger.value())
                .addAllShadowTtftQuantilesMs(quantiles(other, challengerError * stretch))
                .setShadowAgreed(at % 4 != 0)
                .build();
    }

    /** A request that this bundle routed. */
    public Sample routedBy(BundleId bundle, double factor) {
        return Sample.newBuilder()
                .setPool("chat")
                .setDecidedAtMs(++at)
                .setTtftMs(100 * factor * Math.exp(0.5 * random.nextGaussian()))
                .setBundleId(bundle.value())
                .build();
    }

    private static List<Float> quantiles(double median, double error) {
        return List.of((float) median, (float) (median * Math.exp(1.2816 * error)));
    }
}
