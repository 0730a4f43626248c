package dev.presage.testbed.bench;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.trainer.learn.TrainingSet;
import java.util.SplittableRandom;

/**
 * Samples of engines whose latency jumps at thresholds, which no work model can follow: the trainer keeps its forest whole.
 * Where the benchmark's own requests lie, TTFT is when its streamed replies begin. The ranges
 * hold every load that the benchmark can make, so that no decision is out of support.
 */
final class SyntheticSamples {
    static final String[] CLASSES = {"bench-a", "bench-b"};

    private static final double TPOT_MS = 8;
    private static final double NOISE = 0.1;

    private final SplittableRandom random;
    private final double ttftMs;

    SyntheticSamples(long seed, double ttftMs) {
        random = new SplittableRandom(seed);
        this.ttftMs = ttftMs;
    }

    TrainingSet draw(int count) {
        TrainingSet samples = new TrainingSet();
        for (int i = 0; i < count; i++) {
            float[] row = row();
            int kind = random.nextInt(CLASSES.length);
            samples.add(row, CLASSES[kind], noisy(ttftMs(row)), noisy(tpotMs(row) * (1 + 0.3 * kind)));
        }
        return samples;
    }

    private double noisy(double value) {
        return value * Math.exp(NOISE * random.nextGaussian());
    }

    private double ttftMs(float[] row) {
        return ttftMs
                * step(row, Feature.KV_USAGE, 0.7, 2)
                * step(row, Feature.WAITING, 8, 1.6)
                * step(row, Feature.RUNNING, 40, 1.4)
                * step(row, Feature.UNCACHED_TOKENS, 80_000, 1.7)
                * step(row, Feature.PENDING_REQUESTS, 100, 1.5)
                * step(row, Feature.DECODING_REQUESTS, 100, 1.3);
    }

    private static double tpotMs(float[] row) {
        return TPOT_MS
                * step(row, Feature.DECODING_REQUESTS, 60, 1.8)
                * step(row, Feature.RUNNING, 20, 1.5)
                * step(row, Feature.KV_USAGE, 0.6, 1.6)
                * step(row, Feature.DECODING_CONTEXT, 400_000, 1.7);
    }

    private static double step(float[] row, Feature feature, double at, double factor) {
        return row[feature.ordinal()] > at ? factor : 1;
    }

    private float[] row() {
        float[] row = new float[FeatureSchema.SIZE];
        double prompt = logUniform(32, 4e6);
        double cached = random.nextInt(3) == 0 ? 0 : prompt * random.nextDouble();
        set(row, Feature.PROMPT_TOKENS, prompt);
        set(row, Feature.MAX_TOKENS, random.nextInt(5) * 64);
        set(row, Feature.UNCACHED_TOKENS, prompt - cached);
        set(row, Feature.OWN_ATTENTION, (prompt * prompt - cached * cached) / 2e6);
        if (random.nextBoolean()) {
            double pending = logUniform(1, 1_000);
            set(row, Feature.PENDING_REQUESTS, Math.floor(pending));
            set(row, Feature.PENDING_TOKENS, pending * logUniform(16, 100_000));
            set(row, Feature.PENDING_ATTENTION, pending * logUniform(1, 1e7));
            set(row, Feature.STALLED_MS, random.nextDouble() * 30);
        }
        set(row, Feature.DECODING_REQUESTS, logUniform(1, 1_000) - 1);
        set(row, Feature.DECODING_CONTEXT, row[Feature.DECODING_REQUESTS.ordinal()] * logUniform(16, 100_000));
        set(row, Feature.PREFILL_RATE, logUniform(1, 1e8));
        set(row, Feature.WAITING, random.nextInt(20));
        set(row, Feature.RUNNING, random.nextInt(80));
        set(row, Feature.KV_USAGE, random.nextDouble());
        return row;
    }

    private double logUniform(double least, double most) {
        return Math.exp(random.nextDouble(Math.log(least), Math.log(most)));
    }

    private static void set(float[] row, Feature feature, double value) {
        row[feature.ordinal()] = (float) value;
    }
}
