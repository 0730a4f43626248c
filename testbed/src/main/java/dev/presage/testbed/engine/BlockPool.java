package dev.presage.testbed.engine;

import java.util.Arrays;

/**
 * The KV cache of one engine: blocks that are referenced by sequences or lie in the free list, least recently used
 * first. A free block keeps its content until it is allocated again, so it can still be hit.
 *
 * <p>One hash names at most one block, the one registered last. vLLM keeps duplicates instead; the difference shows only
 * when the older of two equal blocks outlives the newer one.
 *
 * <p>Not thread-safe. Memory is bounded by the number of blocks.
 */
final class BlockPool {
    private final int size;
    private final LongIntMap byHash;
    private final long[] hash;
    private final boolean[] hashed;
    private final int[] references;
    private final int[] previous;
    private final int[] next;
    // Grows with every append to the free list, so stamps ascend along the list.
    private final long[] stamp;
    private long nextStamp;
    private int free;

    BlockPool(int size) {
        this.size = size;
        byHash = new LongIntMap(size);
        hash = new long[size];
        hashed = new boolean[size];
        references = new int[size];
        previous = new int[size + 1];
        next = new int[size + 1];
        stamp = new long[size + 1];
        Arrays.setAll(previous, i -> i == 0 ? size : i - 1);
        Arrays.setAll(next, i -> i == size ? 0 : i + 1);
        Arrays.setAll(stamp, i -> i);
        stamp[size] = Long.MAX_VALUE;
        nextStamp = size;
        free = size;
    }

    private BlockPool(BlockPool other) {
        size = other.size;
        byHash = other.byHash.copy();
        hash = other.hash.clone();
        hashed = other.hashed.clone();
        references = other.references.clone();
        previous = other.previous.clone();
        next = other.next.clone();
        stamp = other.stamp.clone();
        nextStamp = other.nextStamp;
        free = other.free;
    }

    BlockPool copy() {
        return new BlockPool(this);
    }

    int size() {
        return size;
    }

    /** Blocks that no sequence refers to; their content may still be hit. */
    int free() {
        return free;
    }

    /** The block that holds this content, or {@link LongIntMap#ABSENT}. */
    int find(long contentHash) {
        return byHash.get(contentHash);
    }

    boolean isFree(int block) {
        return references[block] == 0;
    }

    int references(int block) {
        return references[block];
    }

    /** Position of a free block in the order of eviction; meaningless for a referenced one. */
    long stamp(int block) {
        return stamp[block];
    }

    /** The block to be evicted first, or {@link #size()} (whose stamp is above all others) when none is free. */
    int firstFree() {
        return next[size];
    }

    /** The free block to be evicted after {@code block}, or {@link #size()}. */
    int nextFree(int block) {
        return next[block];
    }

    /** Adds a reference to a block that was found by its content. */
    void retain(int block) {
        if (references[block]++ == 0) {
            unlink(block);
        }
    }

    /** Takes the least recently used free block, forgets its content and refers to it. Needs {@code free() > 0}. */
    int allocate() {
        int block = next[size];
        if (block == size) {
            throw new IllegalStateException("no free block of " + size);
        }
        if (hashed[block]) {
            byHash.remove(hash[block]);
            hashed[block] = false;
        }
        references[block] = 1;
        unlink(block);
        return block;
    }

    /** Says what a referenced block holds from now on. */
    void register(int block, long contentHash) {
        int before = byHash.put(contentHash, block);
        if (before != LongIntMap.ABSENT && before != block) {
            hashed[before] = false;
        }
        hash[block] = contentHash;
        hashed[block] = true;
    }

    /** Drops a reference; the last one makes the block the most recently used free block. */
    void release(int block) {
        if (references[block] == 0) {
            throw new IllegalStateException("block " + block + " is released but has no reference");
        }
        if (--references[block] == 0) {
            int last = previous[size];
            next[last] = block;
            previous[block] = last;
            next[block] = size;
            previous[size] = block;
            stamp[block] = nextStamp++;
            free++;
        }
    }

    private void unlink(int block) {
        next[previous[block]] = next[block];
        previous[next[block]] = previous[block];
        free--;
    }
}
