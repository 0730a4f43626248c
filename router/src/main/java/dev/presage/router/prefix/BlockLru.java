package dev.presage.router.prefix;

import java.util.Arrays;

/**
 * The blocks that one endpoint's cache is believed to hold, as paged KV caches keep them. Those of requests in flight stay. The others
 * are kept in the order in which requests ended, and the least recently used leave when there are more than {@code capacity} in
 * all. Not thread-safe.
 *
 * <p>Blocks live in slots {@code 0..size-1}; an open-addressing table (linear probing, at most half full) finds a block's slot.
 * Looking up and replacing allocate nothing; the arrays double with the blocks. A block takes about 36 bytes. Bounded by the capacity and
 * the blocks of the requests in flight.
 *
 * <p>It also counts what is lost by an eviction: how often what is next to go is wanted again.
 */
final class BlockLru {
    /** More than any KV cache holds: 268 million tokens. */
    static final int MAX_CAPACITY = 1 << 22;

    private static final int FIRST_SLOTS = 16;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    /** Hits among so large a share of the capacity, the oldest, tell what one block more or less is worth. */
    private static final int LEAVING_SHARE = 4;
    /** Counts halve when so many capacities went in. */
    private static final int REMEMBERED_CAPACITIES = 2;

    /** Told what comes and goes, but for anonymous blocks. */
    interface Changes {
        void gained(long block);

        void lost(long block);
    }

    private final Changes changes;
    private int capacity;
    private int size;
    private long[] keys = new long[FIRST_SLOTS];
    /** Requests in flight that use the slot's block. */
    private int[] users = new int[FIRST_SLOTS];
    /** The slots that nobody uses. */
    private final Recency idle = new Recency(FIRST_SLOTS);

    /** Slot plus one; 0 where free. Length is a power of two. */
    private int[] table = new int[2 * FIRST_SLOTS];

    /** The next anonymous block's key; those before it are taken. */
    private long anonymous = Long.MIN_VALUE;

    private double added;
    private double wantedAgain;

    BlockLru(long capacity, Changes changes) {
        this.capacity = bounded(capacity);
        this.changes = changes;
        idle.mostLeaving(leaving());
    }

    /** Evicts what no longer fits, unless it is in use. */
    void capacity(long blocks) {
        capacity = bounded(blocks);
        idle.mostLeaving(leaving());
        evict();
    }

    /** Forgets all, also what is in use. */
    void clear() {
        while (size > 0) {
            forget(size - 1);
        }
    }

    private int leaving() {
        return (capacity + LEAVING_SHARE - 1) / LEAVING_SHARE;
    }

    /** Blocks that came in, lately. */
    double added() {
        return added;
    }

    /** Blocks that were wanted again, lately, had all idle ones been wanted as often as those that leave next; while full only. */
    double wantedAgain() {
        return wantedAgain;
    }

    /** Whether what comes in evicts. */
    boolean full() {
        return size >= capacity;
    }

    /** How many leading blocks are held; touches none. */
    int match(long[] wanted) {
        int matched = 0;
        while (matched < wanted.length && table[position(wanted[matched])] != 0) {
            matched++;
        }
        return matched;
    }

    /** A request that uses these blocks is in flight; those that are missing come in. */
    void use(long[] blocks) {
        for (long block : blocks) {
            int slot = table[position(block)] - 1;
            if (slot >= 0 && users[slot]++ == 0) {
                wantedAgain += full() ? idle.lengthOverLeaving(slot) : 0;
                idle.unlink(slot);
            }
        }
        // Only now, so that none of the prompt's own makes room for the rest of it.
        for (long block : blocks) {
            int slot = table[position(block)] == 0 ? bring(block) : Recency.NONE;
            if (slot != Recency.NONE) {
                users[slot] = 1;
            }
        }
    }

    /** It is over; the last block becomes the oldest of them, as engines evict a prompt's tail before its head. */
    void release(long[] blocks) {
        for (int i = blocks.length - 1; i >= 0; i--) {
            int slot = table[position(blocks[i])] - 1;
            if (slot >= 0 && users[slot] > 0 && --users[slot] == 0) {
                idle.link(slot);
            }
        }
        evict();
    }

    /** It is over, and what nobody else uses of its blocks from index {@code from} on was never there. */
    void takeBack(long[] blocks, int from) {
        for (int i = from; i < blocks.length; i++) {
            int slot = table[position(blocks[i])] - 1;
            if (slot >= 0 && users[slot] <= 1) {
                forget(slot);
            }
        }
        release(blocks);
    }

    /** A block that is not held, in use by nobody and not yet idle; the oldest idle one goes for it if need be. */
    private int bring(long key) {
        if (capacity == 0) {
            return Recency.NONE;
        }
        if (full() && idle.oldest() != Recency.NONE) {
            forget(idle.oldest());
        }
        if (size == keys.length) {
            grow();
        }
        int slot = size++;
        keys[slot] = key;
        if (key >= anonymous) {
            changes.gained(key);
        }
        // Growing and forgetting both move entries of the table.
        table[position(key)] = slot + 1;
        if (++added > REMEMBERED_CAPACITIES * (double) capacity) {
            added /= 2;
            wantedAgain /= 2;
        }
        return slot;
    }

    private void evict() {
        while (size > capacity && idle.oldest() != Recency.NONE) {
            forget(idle.oldest());
        }
    }

    /** Slots stay {@code 0..size-1}. */
    private void forget(int slot) {
        if (users[slot] == 0) {
            idle.unlink(slot);
        }
        free(position(keys[slot]));
        if (keys[slot] >= anonymous) {
            changes.lost(keys[slot]);
        }
        size--;
        if (slot != size) {
            keys[slot] = keys[size];
            users[slot] = users[size];
            if (users[slot] == 0) {
                idle.rename(size, slot);
            }
            // Its entry still names the old slot, whose key is the same.
            table[position(keys[slot])] = slot + 1;
        }
        users[size] = 0;
    }

    /** Room taken by blocks that no prompt will match. */
    void addAnonymous(int count) {
        for (int i = Math.min(count, capacity); i > 0; i--) {
            int slot = bring(anonymous++);
            if (slot != Recency.NONE) {
                idle.link(slot);
            }
        }
        evict();
    }

    int size() {
        return size;
    }

    private static int bounded(long blocks) {
        return (int) Math.clamp(blocks, 0, MAX_CAPACITY);
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
        int slots = 2 * keys.length;
        keys = Arrays.copyOf(keys, slots);
        users = Arrays.copyOf(users, slots);
        idle.grow(slots);
        table = new int[2 * slots];
        for (int slot = 0; slot < size; slot++) {
            table[position(keys[slot])] = slot + 1;
        }
    }
}
