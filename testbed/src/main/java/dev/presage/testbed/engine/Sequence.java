package dev.presage.testbed.engine;

import java.util.Arrays;

/** The engine's own record of one request: how far it is and which blocks it holds. Mutable, owned by one scheduler. */
final class Sequence {
    final SimRequest request;
    private int[] blocks;
    private int blockCount;
    // Blocks whose content is named in the pool: all full ones of the scheduled tokens.
    private int registered;
    private int emitted;
    private boolean aborted;

    /** Tokens whose keys and values are in the cache, without the step under way. */
    int computed;
    /** Tokens to compute before the next one can be emitted: prompt plus output so far. */
    int tokens;
    /** Tokens computed by the step under way. */
    int scheduled;
    /** Tokens to compute until it decodes again: the prompt, or all tokens when it was pre-empted. */
    int prefillEnd;
    /** Prompt tokens found in the cache at the first admission, -1 before. */
    int cachedTokens = -1;

    Sequence(SimRequest request) {
        this.request = request;
        tokens = request.promptTokens();
        prefillEnd = tokens;
        blocks = new int[0];
    }

    private Sequence(Sequence other) {
        request = other.request;
        blocks = other.blocks.clone();
        blockCount = other.blockCount;
        registered = other.registered;
        emitted = other.emitted;
        aborted = other.aborted;
        computed = other.computed;
        tokens = other.tokens;
        scheduled = other.scheduled;
        prefillEnd = other.prefillEnd;
        cachedTokens = other.cachedTokens;
    }

    Sequence copy() {
        return new Sequence(this);
    }

    int emitted() {
        return emitted;
    }

    int blockCount() {
        return blockCount;
    }

    int block(int position) {
        return blocks[position];
    }

    boolean aborted() {
        return aborted;
    }

    void abort() {
        aborted = true;
    }

    boolean finished() {
        return emitted == request.outputTokens();
    }

    /** True when the step under way ends with a new token of this sequence. */
    boolean emitsThisStep() {
        return scheduled > 0 && computed + scheduled == tokens;
    }

    /** Full blocks that could be found in the cache; at least one token is always computed. */
    int reusableBlocks() {
        return (tokens - 1) / EngineProfile.BLOCK_TOKENS;
    }

    /** Blocks missing to compute up to this many tokens. */
    int missingBlocks(int upTo) {
        return Math.ceilDiv(upTo, EngineProfile.BLOCK_TOKENS) - blockCount;
    }

    void addBlock(int block) {
        if (blockCount == blocks.length) {
            int grown = Math.max(blockCount + (blockCount >> 3) + 4, Math.ceilDiv(tokens, EngineProfile.BLOCK_TOKENS));
            blocks = Arrays.copyOf(blocks, grown);
        }
        blocks[blockCount++] = block;
    }

    /** Takes {@code hits} blocks, just added, as computed. */
    void startAt(int hits) {
        registered = hits;
        computed = hits * EngineProfile.BLOCK_TOKENS;
        prefillEnd = tokens;
    }

    /** Plans the next chunk and names the blocks that it fills, as vLLM does when it schedules. */
    void schedule(int chunk, BlockPool pool) {
        scheduled = chunk;
        int full = (computed + chunk) / EngineProfile.BLOCK_TOKENS;
        for (; registered < full; registered++) {
            pool.register(blocks[registered], request.blockHash(registered));
        }
    }

    /** Ends the step under way. */
    void settle() {
        computed += scheduled;
        if (scheduled > 0 && computed == tokens) {
            tokens++;
            emitted++;
        }
        scheduled = 0;
    }

    /** Gives all blocks back, the last one first so that the head of the prompt is evicted last. */
    void free(BlockPool pool) {
        for (int i = blockCount - 1; i >= 0; i--) {
            pool.release(blocks[i]);
        }
        blocks = new int[0];
        blockCount = 0;
        registered = 0;
        computed = 0;
        scheduled = 0;
    }
}
