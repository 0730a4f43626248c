package dev.presage.router.prefix;

import org.jspecify.annotations.Nullable;

/**
 * What one endpoint's cache is believed to hold, the latest used first, at most {@code capacity} blocks. A run is always used
 * later than what follows it, so the oldest has nothing behind it. Not thread-safe.
 */
final class RunLru {
    /** More than any KV cache holds: 268 million tokens. */
    static final int MAX_CAPACITY = 1 << 22;

    final int number;
    private int capacity;
    private int size;
    private @Nullable Holding newest;
    private @Nullable Holding oldest;
    /** Linked by {@link Holding#older}; no more than were held at once. */
    private @Nullable Holding free;

    RunLru(int number, long capacity) {
        this.number = number;
        capacity(capacity);
    }

    /** {@link RunTree#evict} must follow. */
    void capacity(long blocks) {
        capacity = (int) Math.clamp(blocks, 0, MAX_CAPACITY);
    }

    int capacity() {
        return capacity;
    }

    int size() {
        return size;
    }

    /** By how much it holds more than fits. */
    int excess() {
        return size - capacity;
    }

    @Nullable
    Holding oldest() {
        return oldest;
    }

    /** Output of so many blocks becomes the newest. */
    void addAnonymous(int blocks) {
        int more = Math.min(blocks, capacity);
        if (more == 0) {
            return;
        }
        Holding output = newest;
        if (output == null || output.run != null) {
            output = take(null);
            linkNewest(output);
        }
        output.anonymous += more;
        size += more;
    }

    /** Gives up some of the oldest, which is output. */
    void dropAnonymous(Holding output, int blocks) {
        output.anonymous -= blocks;
        size -= blocks;
        if (output.anonymous == 0) {
            unlink(output);
            release(output);
        }
    }

    /** One that is not in the list yet. */
    Holding take(@Nullable Run run) {
        Holding taken = free;
        if (taken == null) {
            taken = new Holding(this);
        } else {
            free = taken.older;
        }
        taken.run = run;
        taken.followed = 0;
        return taken;
    }

    private void release(Holding holding) {
        holding.run = null;
        holding.older = free;
        free = holding;
    }

    void add(Holding holding) {
        size += holding.blocks();
        linkNewest(holding);
    }

    void touch(Holding holding) {
        if (holding != newest) {
            unlink(holding);
            linkNewest(holding);
        }
    }

    void remove(Holding holding) {
        size -= holding.blocks();
        unlink(holding);
        release(holding);
    }

    /** The end of a run was given up. */
    void shortened(int blocks) {
        size -= blocks;
    }

    /** A run fell in two: its first part is as new as the rest, and goes after it. */
    void linkBefore(Holding head, Holding rest) {
        head.older = rest;
        head.newer = rest.newer;
        rest.newer = head;
        if (head.newer == null) {
            newest = head;
        } else {
            head.newer.older = head;
        }
    }

    private void linkNewest(Holding holding) {
        holding.newer = null;
        holding.older = newest;
        if (newest == null) {
            oldest = holding;
        } else {
            newest.newer = holding;
        }
        newest = holding;
    }

    private void unlink(Holding holding) {
        if (holding.newer == null) {
            newest = holding.older;
        } else {
            holding.newer.older = holding.older;
        }
        if (holding.older == null) {
            oldest = holding.newer;
        } else {
            holding.older.newer = holding.newer;
        }
    }
}
