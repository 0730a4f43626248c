package dev.presage.testbed.engine;

import java.util.Arrays;
import java.util.List;

/**
 * How fast one kind of replica is and how much KV cache it has. Immutable; the arrays are read only.
 *
 * <p>A step takes a fixed scheduling overhead, the measured time of the linear layers for the tokens in the batch, the
 * time to read the KV cache of all decoding sequences, and the time of the prefill attention. The table is a
 * measurement, the overhead and the two efficiencies ({@link #OVERHEAD_MS}, {@link #BANDWIDTH_EFFICIENCY}, {@link
 * #COMPUTE_EFFICIENCY}) are assumptions.
 *
 * @param name key of the profile, for example {@code h100-llama-2-70b-hf-tp8}
 * @param hardware GPU type
 * @param model model name
 * @param tensorParallel GPUs of one replica
 * @param batchTokens batch sizes of the table, ascending
 * @param linearStepMs median milliseconds of the linear layers and all-reduces at those sizes
 * @param layers transformer layers
 * @param hiddenSize hidden dimension
 * @param kvBytesPerToken KV cache bytes per token over all layers
 * @param hbmBytesPerSecond memory bandwidth of the replica
 * @param peakFlops peak floating-point operations per second of the replica
 * @param kvCapacityTokens tokens that the KV cache holds
 */
public record EngineProfile(
        String name,
        String hardware,
        String model,
        int tensorParallel,
        int[] batchTokens,
        double[] linearStepMs,
        int layers,
        int hiddenSize,
        long kvBytesPerToken,
        double hbmBytesPerSecond,
        double peakFlops,
        int kvCapacityTokens) {
    /** Tokens of one KV cache block. */
    public static final int BLOCK_TOKENS = 16;

    /** Assumed scheduling overhead of a step, in milliseconds. */
    static final double OVERHEAD_MS = 2;

    /** Assumed share of the memory bandwidth that decoding attention reaches. */
    static final double BANDWIDTH_EFFICIENCY = 0.7;

    /** Assumed share of the peak operations that prefill attention reaches. */
    static final double COMPUTE_EFFICIENCY = 0.4;

    public EngineProfile {
        if (batchTokens.length == 0 || batchTokens.length != linearStepMs.length) {
            throw new IllegalArgumentException("profile " + name + ": batchTokens has " + batchTokens.length
                    + " entries, linearStepMs " + linearStepMs.length + "; both must have the same, at least 1");
        }
        for (int i = 0; i < batchTokens.length; i++) {
            if (batchTokens[i] <= (i == 0 ? 0 : batchTokens[i - 1])) {
                throw new IllegalArgumentException(
                        "profile " + name + ": batchTokens must ascend from 1, got " + Arrays.toString(batchTokens));
            }
            positive(name, "linearStepMs[" + i + "]", linearStepMs[i]);
        }
        positive(name, "layers", layers);
        positive(name, "hiddenSize", hiddenSize);
        positive(name, "kvBytesPerToken", kvBytesPerToken);
        positive(name, "hbmBytesPerSecond", hbmBytesPerSecond);
        positive(name, "peakFlops", peakFlops);
        if (kvCapacityTokens < 2 * BLOCK_TOKENS) {
            throw new IllegalArgumentException("profile " + name + ": kvCapacityTokens must be at least "
                    + 2 * BLOCK_TOKENS + ", got " + kvCapacityTokens);
        }
    }

    /** A bundled profile by name; an unknown name is an {@link IllegalArgumentException} that lists the known ones. */
    public static EngineProfile named(String name) {
        return BundledProfiles.named(name);
    }

    /** Names of the bundled profiles, in the file's order. */
    public static List<String> names() {
        return BundledProfiles.names();
    }

    /** This replica with another KV cache size, for what-if runs and small tests. */
    public EngineProfile withKvCapacityTokens(int tokens) {
        return new EngineProfile(
                name,
                hardware,
                model,
                tensorParallel,
                batchTokens,
                linearStepMs,
                layers,
                hiddenSize,
                kvBytesPerToken,
                hbmBytesPerSecond,
                peakFlops,
                tokens);
    }

    /** This replica computing {@code factor} times slower: a throttled GPU, or a slower build. */
    public EngineProfile slower(double factor) {
        if (!(factor > 0)) {
            throw new IllegalArgumentException("factor " + factor + " must be above 0");
        }
        return new EngineProfile(
                name,
                hardware,
                model,
                tensorParallel,
                batchTokens,
                Arrays.stream(linearStepMs).map(ms -> ms * factor).toArray(),
                layers,
                hiddenSize,
                kvBytesPerToken,
                hbmBytesPerSecond / factor,
                peakFlops / factor,
                kvCapacityTokens);
    }

    /** Whole KV blocks that fit the cache. */
    public int kvBlocks() {
        return kvCapacityTokens / BLOCK_TOKENS;
    }

    /**
     * Milliseconds of the linear layers for a batch: interpolated inside the table, the first entry below it,
     * proportional to the tokens past its end.
     */
    public double linearMs(int tokens) {
        int last = batchTokens.length - 1;
        if (tokens >= batchTokens[last]) {
            return linearStepMs[last] * tokens / batchTokens[last];
        }
        if (tokens <= batchTokens[0]) {
            return linearStepMs[0];
        }
        int i = 1;
        while (batchTokens[i] < tokens) {
            i++;
        }
        double share = (double) (tokens - batchTokens[i - 1]) / (batchTokens[i] - batchTokens[i - 1]);
        return linearStepMs[i - 1] + share * (linearStepMs[i] - linearStepMs[i - 1]);
    }

    /**
     * Milliseconds of one step.
     *
     * @param tokens tokens computed in the step, at least 1
     * @param decodeContext context tokens of all decoding sequences
     * @param attentionPairs twice the number of (token, context token) pairs of the prefill chunks: the sum of {@code
     *     chunk * (2 * before + chunk)}; doubled to stay an integer
     */
    public double stepMs(int tokens, long decodeContext, long attentionPairs) {
        double read = 1000.0 * kvBytesPerToken * decodeContext / (BANDWIDTH_EFFICIENCY * hbmBytesPerSecond);
        double attend = 1000.0 * 2 * hiddenSize * layers * attentionPairs / (COMPUTE_EFFICIENCY * peakFlops);
        return OVERHEAD_MS + linearMs(tokens) + read + attend;
    }

    private static void positive(String profile, String field, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException("profile " + profile + ": " + field + " must be above 0, got " + value);
        }
    }
}
