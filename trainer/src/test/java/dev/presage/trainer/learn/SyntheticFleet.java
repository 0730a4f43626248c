package dev.presage.trainer.learn;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Samples with a known truth: two kinds of hardware, prefill work, decode interference, log-normal noise. */
public final class SyntheticFleet {
    private final SplittableRandom random;
    private final double noise;

    public SyntheticFleet(long seed, double noise) {
        random = new SplittableRandom(seed);
        this.noise = noise;
    }

    static double trueTtftMs(float[] row, boolean fast) {
        double tokens = row[Feature.PENDING_TOKENS.ordinal()] + row[Feature.UNCACHED_TOKENS.ordinal()];
        double attention = row[Feature.PENDING_ATTENTION.ordinal()] + row[Feature.OWN_ATTENTION.ordinal()];
        double work = 20 + 0.05 * tokens + 2 * attention + 0.4 * row[Feature.DECODING_REQUESTS.ordinal()];
        return fast ? work : 2.5 * work;
    }

    static double trueTpotMs(float[] row, boolean fast) {
        double step =
                12 + 0.2 * row[Feature.DECODING_REQUESTS.ordinal()] + 0.00002 * row[Feature.DECODING_CONTEXT.ordinal()];
        return fast ? step : 2 * step;
    }

    public TrainingSet samples(int count) {
        TrainingSet set = new TrainingSet();
        for (int i = 0; i < count; i++) {
            boolean fast = random.nextBoolean();
            float[] row = row(random);
            set.add(
                    row,
                    fast ? "fast" : "slow",
                    trueTtftMs(row, fast) * Math.exp(noise * random.nextGaussian()),
                    trueTpotMs(row, fast) * Math.exp(noise * random.nextGaussian()));
        }
        return set;
    }

    static float[] row(RandomGenerator random) {
        float[] row = new float[FeatureSchema.SIZE];
        double prompt = Math.exp(random.nextDouble(4, 10));
        double cached = prompt * random.nextDouble();
        row[Feature.PROMPT_TOKENS.ordinal()] = (float) prompt;
        row[Feature.UNCACHED_TOKENS.ordinal()] = (float) (prompt - cached);
        row[Feature.OWN_ATTENTION.ordinal()] = (float) ((prompt * prompt - cached * cached) / 2e6);
        if (random.nextDouble() < 0.6) {
            row[Feature.PENDING_REQUESTS.ordinal()] = 1 + random.nextInt(5);
            row[Feature.PENDING_TOKENS.ordinal()] = (float) random.nextDouble(100, 40_000);
            row[Feature.PENDING_ATTENTION.ordinal()] = (float) random.nextDouble(0, 100);
        }
        row[Feature.DECODING_REQUESTS.ordinal()] = random.nextInt(60);
        row[Feature.DECODING_CONTEXT.ordinal()] = row[Feature.DECODING_REQUESTS.ordinal()] * 4_000;
        row[Feature.KV_USAGE.ordinal()] = (float) random.nextDouble();
        return row;
    }
}
