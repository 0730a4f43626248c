package dev.presage.testbed.trace;

/**
 * Block hashes of a trace request's prompt, for the engine (16-token blocks) and for the router's prefix index
 * (64-token blocks, say). A hash id already stands for a whole prefix, so the hashes derived from it do too. A request
 * without hash ids shares nothing with any other.
 */
public final class PromptBlocks {
    private PromptBlocks() {}

    /**
     * Hashes of the full blocks within the prompt.
     *
     * @param blockTokens tokens of a block, a divisor of {@link TraceRequest#HASH_ID_TOKENS}
     */
    public static long[] hashes(TraceRequest request, int blockTokens) {
        if (blockTokens < 1 || TraceRequest.HASH_ID_TOKENS % blockTokens != 0) {
            throw new IllegalArgumentException(
                    "blockTokens must divide " + TraceRequest.HASH_ID_TOKENS + ", got " + blockTokens);
        }
        int perId = TraceRequest.HASH_ID_TOKENS / blockTokens;
        long[] hashes = new long[request.promptTokens() / blockTokens];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = mix(content(request, i / perId) ^ mix((long) blockTokens << 32 | i % perId));
        }
        return hashes;
    }

    /** A 64-bit name of the content up to the end of the 512-token block at this place. */
    static long content(TraceRequest request, int place) {
        return request.hashIds().length == 0
                ? mix(~(((long) request.position() << 24) + place))
                : mix(request.hashIds()[place]);
    }

    /** The finaliser of SplitMix64 over the golden-ratio sequence. */
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
