package dev.presage.router.config;

import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Plugin;
import dev.presage.router.request.InferenceRequest;

/**
 * What {@code approx-prefix-cache-producer} says of the prefix index.
 *
 * @param capacityTokens of an engine that does not say how much its KV cache holds
 */
record PrefixSettings(long capacityTokens) implements Plugin {
    /** Blocks per server of the contract. */
    private static final int BLOCKS = 31_250;

    static final PrefixSettings DEFAULT = new PrefixSettings((long) BLOCKS * InferenceRequest.BLOCK_TOKENS);

    static PrefixSettings read(Parameters given) {
        if (!given.flag("autoTune", true)) {
            given.warn("goes by the KV capacity that an engine reports all the same");
        }
        int block = given.integer("blockSizeTokens", 1, 1 << 20, given.integer("blockSize", 1, 1 << 20, 1));
        if (block > InferenceRequest.BLOCK_TOKENS) {
            given.warn("has blocks of " + InferenceRequest.BLOCK_TOKENS + " tokens, not of " + block);
        }
        given.taken("maxPrefixTokensToMatch", "maxPrefixBlocksToMatch");
        long blocks = given.integer("lruCapacityPerServer", 1, 1 << 30, BLOCKS);
        return new PrefixSettings(blocks * InferenceRequest.BLOCK_TOKENS);
    }
}
