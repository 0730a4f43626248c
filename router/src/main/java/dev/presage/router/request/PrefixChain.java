package dev.presage.router.request;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Chains block hashes so that each stands for the whole prompt up to its end: {@code h0 = xxh64(model ‖ salt)}, {@code h_i =
 * xxh64(LE8(xxh64(block_i)) ‖ LE8(h_{i-1}))}. What engines put in front of the turns (tools, system prompt) is chained first,
 * whatever its place in the JSON; its last, partial block becomes part of the chain without being a block.
 */
final class PrefixChain {
    private static final VarHandle LE8 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private PrefixChain() {}

    static long[] of(String model, String salt, PromptDigest head, PromptDigest text) {
        byte[] seed = (model + salt).getBytes(StandardCharsets.UTF_8);
        long chain = PromptDigest.hash(seed, seed.length);
        int headBlocks = head.blocks();
        long[] blocks = new long[Math.min(PromptDigest.MAX_BLOCKS, headBlocks + text.blocks())];
        byte[] link = new byte[2 * Long.BYTES];
        for (int i = 0; i < blocks.length; i++) {
            if (i == headBlocks && head.rest() != 0) {
                chain = link(link, head.rest(), chain);
            }
            chain = link(link, i < headBlocks ? head.block(i) : text.block(i - headBlocks), chain);
            blocks[i] = chain;
        }
        return blocks;
    }

    private static long link(byte[] buffer, long content, long previous) {
        LE8.set(buffer, 0, content);
        LE8.set(buffer, Long.BYTES, previous);
        return PromptDigest.hash(buffer, buffer.length);
    }
}
