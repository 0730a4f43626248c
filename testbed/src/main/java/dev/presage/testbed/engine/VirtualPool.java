package dev.presage.testbed.engine;

/**
 * What a {@link Lookahead} does to the block pool, laid over the pool without touching it. Allocations move a cursor
 * along the free list; hits mark free blocks as taken. Blocks freed during the lookahead are not counted: they join the
 * list's end and change nothing before the free blocks of now run out, which {@link #free} makes visible.
 *
 * <p>Marks carry the number of the lookahead, so starting a new one costs nothing.
 */
final class VirtualPool {
    private final BlockPool pool;
    private final int[] takenIn;
    private int lookahead;
    private int cursor;
    private int unwalked;
    private int free;

    VirtualPool(BlockPool pool) {
        this.pool = pool;
        takenIn = new int[pool.size()];
    }

    void start() {
        lookahead++;
        cursor = pool.firstFree();
        unwalked = 0;
        free = pool.free();
    }

    /** Free blocks of now that are left; the engine itself would have at least these. */
    int free() {
        return free;
    }

    void allocate(int blocks) {
        free -= blocks;
        unwalked += blocks;
    }

    /** Moves the cursor over everything allocated so far; needed before contents are looked up. */
    void walk() {
        skipTaken();
        for (; unwalked > 0; unwalked--) {
            cursor = pool.nextFree(cursor);
            skipTaken();
        }
    }

    /** The block that holds this content at this point of the lookahead, or {@link LongIntMap#ABSENT}. */
    int find(long contentHash) {
        int block = pool.find(contentHash);
        boolean evicted = block != LongIntMap.ABSENT
                && pool.isFree(block)
                && takenIn[block] != lookahead
                && pool.stamp(block) < pool.stamp(cursor);
        return evicted ? LongIntMap.ABSENT : block;
    }

    /** Refers to a block that was found. */
    void retain(int block) {
        if (pool.isFree(block) && takenIn[block] != lookahead) {
            takenIn[block] = lookahead;
            free--;
        }
    }

    private void skipTaken() {
        while (cursor < takenIn.length && takenIn[cursor] == lookahead) {
            cursor = pool.nextFree(cursor);
        }
    }
}
