package dev.presage.router.prefix;

import java.util.SplittableRandom;

/** Prompts for the properties of the index. */
final class ChainedPrompts {
    private ChainedPrompts() {}

    /** A path in a small tree, so that prompts share heads, end in each other's middle and branch off, as chained hashes do. */
    static long[] random(SplittableRandom random) {
        long[] blocks = new long[random.nextInt(0, 40)];
        long hash = 0;
        for (int i = 0; i < blocks.length; i++) {
            hash = hash * 31 + 1 + (random.nextInt(8) == 0 ? random.nextInt(3) : 0);
            blocks[i] = hash * 0x9E3779B97F4A7C15L & Long.MAX_VALUE;
        }
        return blocks;
    }
}
