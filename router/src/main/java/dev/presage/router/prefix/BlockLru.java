package dev.presage.router.prefix;

import java.util.Arrays;

/**
 * The blocks that one endpoint's cache is believed to hold, least recently used first out, at most {@code capacity} of them.
 * Not thread-safe.
 *
 * <p>Blocks live in slots {@code 0..size-1}, linked from the newest to the oldest; an open-addressing table (linear probing, at
 * most half full) finds a block's slot. Looking up and replacing allocate nothing; the arrays double until they hold the
 * capacity. A block takes about 32 bytes.
 */
final class BlockLru {
    /** More than any KV cache holds: 268 million tokens. */
    static final int MAX_CAPACITY = 1 << 22;

    private static final int FIRST_SLOTS = 16;
    private static final int NONE = -1;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** Told what comes and goes, but for anonymous blocks. */
    interface Changes {
        void gained(long block);

        void lost(long block);
    }

    private final Changes changes;
    private int capacity;
    private int size;
    private long[] keys = new long[FIRST_SLOTS];
    private int[] older = new int[FIRST_SLOTS];
    private int[] newer = new int[FIRST_SLOTS];
    private int newest = NONE;
    private int oldest = NONE;
    /** Slot plus one; 0 where free. Length is a power of two. */
    private int[] table = new int[2 * FIRST_SLOTS];

    /** The next anonymous block's key; those before it are taken. */
    private long anonymous = Long.MIN_VALUE;

    BlockLru(long capacity, Changes changes) {
        this.capacity = bounded(capacity);
        this.changes = changes;
    }

    /** Evicts what no longer fits. */
    void capacity(long blocks) {
        int next = bounded(blocks);
        if (next < size) {
            keepNewest(next);
        }
        capacity = next;
    }

    /** How many leading blocks are held; touches none. */
    int match(long[] wanted) {
        int matched = 0;
        while (matched < wanted.length && table[position(wanted[matched])] != 0) {
            matched++;
        }
        return matched;
    }

    /** Touches or adds the blocks; the last becomes the oldest of them, as engines evict a prompt's tail before its head. */
    void add(long[] added) {
        for (int i = added.length - 1; i >= 0; i--) {
            touch(added[i]);
        }
    }

    /** Forgets the blocks from index {@code from} on. */
    void remove(long[] blocks, int from) {
        for (int i = from; i < blocks.length; i++) {
            int position = position(blocks[i]);
            if (table[position] != 0) {
                int slot = table[position] - 1;
                unlink(slot);
                free(position);
                lost(blocks[i]);
                size--;
                if (slot != size) {
                    moveLastTo(slot);
                }
            }
        }
    }

    /** Slots stay {@code 0..size-1}. */
    private void moveLastTo(int slot) {
        keys[slot] = keys[size];
        older[slot] = older[size];
        newer[slot] = newer[size];
        if (newer[slot] == NONE) {
            newest = slot;
        } else {
            older[newer[slot]] = slot;
        }
        if (older[slot] == NONE) {
            oldest = slot;
        } else {
            newer[older[slot]] = slot;
        }
        // Its entry still names the old slot, whose key is the same.
        table[position(keys[slot])] = slot + 1;
    }

    /** Room taken by blocks that no prompt will match. */
    void addAnonymous(int count) {
        for (int i = Math.min(count, capacity); i > 0; i--) {
            touch(anonymous++);
        }
    }

    int size() {
        return size;
    }

    private static int bounded(long blocks) {
        return (int) Math.clamp(blocks, 0, MAX_CAPACITY);
    }

    private void touch(long key) {
        if (capacity == 0) {
            return;
        }
        int position = position(key);
        if (table[position] != 0) {
            int slot = table[position] - 1;
            if (slot != newest) {
                unlink(slot);
                linkNewest(slot);
            }
            return;
        }
        int slot;
        if (size < capacity) {
            if (size == keys.length) {
                grow();
            }
            slot = size++;
        } else {
            slot = oldest;
            unlink(slot);
            free(position(keys[slot]));
            lost(keys[slot]);
        }
        keys[slot] = key;
        if (key >= anonymous) {
            changes.gained(key);
        }
        // Growing and freeing both move entries of the table.
        table[position(key)] = slot + 1;
        linkNewest(slot);
    }

    private void lost(long key) {
        if (key >= anonymous) {
            changes.lost(key);
        }
    }

    private void unlink(int slot) {
        if (newer[slot] == NONE) {
            newest = older[slot];
        } else {
            older[newer[slot]] = older[slot];
        }
        if (older[slot] == NONE) {
            oldest = newer[slot];
        } else {
            newer[older[slot]] = newer[slot];
        }
    }

    private void linkNewest(int slot) {
        newer[slot] = NONE;
        older[slot] = newest;
        if (newest == NONE) {
            oldest = slot;
        } else {
            newer[newest] = slot;
        }
        newest = slot;
    }

    /** Where the key is in the table, or the free place where it belongs. */
    private int position(long key) {
        int at = home(key);
        while (table[at] != 0 && keys[table[at] - 1] != key) {
            at = at + 1 & table.length - 1;
        }
        return at;
    }

    private int home(long key) {
        return (int) (key * GOLDEN >>> Long.numberOfLeadingZeros(table.length - 1));
    }

    /** Empties a place and moves the entries behind it that would no longer be found (Knuth, vol. 3, 6.4, algorithm R). */
    private void free(int position) {
        int mask = table.length - 1;
        int hole = position;
        for (int at = hole + 1 & mask; table[at] != 0; at = at + 1 & mask) {
            int home = home(keys[table[at] - 1]);
            if ((at - home & mask) >= (at - hole & mask)) {
                table[hole] = table[at];
                hole = at;
            }
        }
        table[hole] = 0;
    }

    private void grow() {
        int slots = Math.min(2 * keys.length, Math.max(capacity, FIRST_SLOTS));
        keys = Arrays.copyOf(keys, slots);
        older = Arrays.copyOf(older, slots);
        newer = Arrays.copyOf(newer, slots);
        table = new int[2 * Integer.highestOneBit(2 * slots - 1)];
        for (int slot = 0; slot < size; slot++) {
            table[position(keys[slot])] = slot + 1;
        }
    }

    /** Starts over with the newest ones, in smaller arrays. */
    private void keepNewest(int count) {
        long[] kept = new long[count];
        int slot = newest;
        for (int i = 0; i < count; i++) {
            kept[i] = keys[slot];
            slot = older[slot];
        }
        for (int i = 0; i < size; i++) {
            lost(keys[i]);
        }
        capacity = count;
        size = 0;
        newest = NONE;
        oldest = NONE;
        keys = new long[FIRST_SLOTS];
        older = new int[FIRST_SLOTS];
        newer = new int[FIRST_SLOTS];
        table = new int[2 * FIRST_SLOTS];
        add(kept);
    }
}
