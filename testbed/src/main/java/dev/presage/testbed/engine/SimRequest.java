package dev.presage.testbed.engine;

import java.util.Objects;

/**
 * One request to a simulated engine. Immutable; the array is shared and read only. Two requests are equal when they are
 * the same object, as the engine tracks each submission on its own.
 *
 * <p>A block hash stands for the whole content from the start of the prompt to the end of that block, so equal hashes
 * at one position mean an equal prefix up to there.
 */
public final class SimRequest {
    private final String id;
    private final long[] blockHashes;
    private final int promptTokens;
    private final int outputTokens;
    private final long outputSeed;
    private final String adapter;
    private final long adapterSeed;

    /** A request to the base model. */
    public SimRequest(String id, long[] blockHashes, int promptTokens, int outputTokens) {
        this(id, blockHashes, promptTokens, outputTokens, "");
    }

    /**
     * @param id names the request; generated blocks without a hash are named after it
     * @param blockHashes prefix hashes of the prompt's full 16-token blocks; may go on into the output when its content
     *     is known beforehand, else generated blocks get hashes that no other request has
     * @param promptTokens at least 1
     * @param outputTokens tokens that the engine generates, at least 1
     * @param adapter LoRA adapter, empty for the base model; the same prompt has other blocks under another adapter
     */
    public SimRequest(String id, long[] blockHashes, int promptTokens, int outputTokens, String adapter) {
        if (promptTokens < 1) {
            throw new IllegalArgumentException("promptTokens must be at least 1, got " + promptTokens);
        }
        if (outputTokens < 1) {
            throw new IllegalArgumentException("outputTokens must be at least 1, got " + outputTokens);
        }
        if (blockHashes.length < promptTokens / EngineProfile.BLOCK_TOKENS) {
            throw new IllegalArgumentException("blockHashes must cover the " + promptTokens / EngineProfile.BLOCK_TOKENS
                    + " full blocks of the prompt, got " + blockHashes.length);
        }
        this.id = Objects.requireNonNull(id, "id");
        this.blockHashes = blockHashes;
        this.promptTokens = promptTokens;
        this.outputTokens = outputTokens;
        this.adapter = adapter;
        outputSeed = seed(id);
        adapterSeed = adapter.isEmpty() ? 0 : seed(adapter);
    }

    /** FNV-1a over the characters. */
    private static long seed(String text) {
        long seed = 0xCBF29CE484222325L;
        for (int i = 0; i < text.length(); i++) {
            seed = (seed ^ text.charAt(i)) * 0x100000001B3L;
        }
        return seed;
    }

    /** Its LoRA adapter, empty for the base model. */
    public String adapter() {
        return adapter;
    }

    /** Its prompt alone, with one token of output, for an engine that answers nobody. */
    public SimRequest promptOnly() {
        return new SimRequest(id + "/prefill", blockHashes, promptTokens, 1, adapter);
    }

    public String id() {
        return id;
    }

    public int promptTokens() {
        return promptTokens;
    }

    public int outputTokens() {
        return outputTokens;
    }

    /** Hash of the block at this position, prompt or output. */
    long blockHash(int position) {
        return position < blockHashes.length
                ? blockHashes[position] ^ adapterSeed
                : mix(outputSeed + position * 0x9E3779B97F4A7C15L);
    }

    /** Blocks that the request needs at its longest. */
    int maxBlocks() {
        return Math.ceilDiv(promptTokens + outputTokens, EngineProfile.BLOCK_TOKENS);
    }

    /** The finaliser of SplitMix64. */
    private static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    @Override
    public String toString() {
        return "SimRequest[" + id + ", " + promptTokens + " prompt, " + outputTokens + " output tokens]";
    }
}
