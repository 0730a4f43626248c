package dev.presage.router.prefix;

import org.jspecify.annotations.Nullable;

/**
 * What one endpoint's cache is believed to hold, as paged KV caches keep it. What requests in flight need stays. The rest is kept
 * in the order in which requests ended, and {@link RunTree#evict} takes the least recently used when there is more than {@code
 * capacity} in all. Bounded by the capacity and the prompts in flight. Not thread-safe.
 *
 * <p>It also counts what is lost by an eviction: how often what is next to go is wanted again.
 */
final class HeldRuns {
    /** Blocks; more than any KV cache holds: 268 million tokens. */
    static final int MAX_CAPACITY = 1 << 22;

    /** Hits among so large a share of the capacity, the oldest, tell what one block more or less is worth. */
    private static final int LEAVING_SHARE = 4;
    /** Counts halve when so many capacities went in. */
    private static final int REMEMBERED_CAPACITIES = 2;

    final int number;
    private int capacity;
    private int size;
    /** A run is used later than what follows it, so the oldest has nothing behind it. */
    private final Recency idle = new Recency();
    /** Also what nobody uses, but others follow: only news of requests that were never sent brings it about. */
    private final Recency inUse = new Recency();

    private double added;
    private double wantedAgain;
    /** Linked by {@link Holding#older}; no more than were held at once. */
    private @Nullable Holding free;

    HeldRuns(int number, long capacity) {
        this.number = number;
        capacity(capacity);
    }

    /** {@link RunTree#evict} must follow, as after all that adds or sets free. */
    void capacity(long blocks) {
        capacity = (int) Math.clamp(blocks, 0, MAX_CAPACITY);
        idle.mostLeaving((capacity + LEAVING_SHARE - 1) / LEAVING_SHARE);
    }

    int size() {
        return size;
    }

    /** By how much it holds more than fits. */
    int excess() {
        return size - capacity;
    }

    /** Whether what comes in evicts. */
    boolean full() {
        return size >= capacity;
    }

    /** Blocks that came in, lately. */
    double added() {
        return added;
    }

    /** Blocks that were wanted again, lately, had all idle ones been wanted as often as those that leave next; while full only. */
    double wantedAgain() {
        return wantedAgain;
    }

    /** The least recently used of what nobody uses. */
    @Nullable
    Holding oldest() {
        return idle.oldest();
    }

    /** A run that is new here, and that nobody uses yet. */
    Holding add(Run run) {
        Holding holding = take(run);
        inUse.link(holding);
        grown(holding.blocks());
        return holding;
    }

    /** Output that takes room and will not be matched. */
    void addOutput(int blocks) {
        if (blocks > 0 && capacity > 0) {
            Holding output = take(null);
            output.anonymous = Math.min(blocks, capacity);
            output.idle = true;
            idle.link(output);
            grown(output.anonymous);
        }
    }

    private void grown(int blocks) {
        size += blocks;
        added += blocks;
        if (added > REMEMBERED_CAPACITIES * (double) capacity) {
            added /= 2;
            wantedAgain /= 2;
        }
    }

    /** One request more; {@code full} says whether the cache was before it came. */
    void use(Holding holding, boolean full) {
        holding.users++;
        if (holding.idle) {
            wantedAgain += full ? holding.blocks() * idle.blocksOverLeaving(holding) : 0;
            keep(holding);
        }
    }

    /** One request less. */
    void release(Holding holding) {
        if (holding.users > 0 && --holding.users == 0) {
            setFree(holding);
        }
    }

    /** Nobody uses anything. */
    void releaseAll() {
        Holding next = inUse.oldest();
        while (next != null) {
            Holding holding = next;
            next = holding.newer;
            holding.users = 0;
            if (holding.followed == 0) {
                setFree(holding);
            }
        }
    }

    /** A run that is followed cannot go. */
    void keep(Holding holding) {
        idle.unlink(holding);
        inUse.link(holding);
        holding.idle = false;
    }

    private void setFree(Holding holding) {
        inUse.unlink(holding);
        idle.link(holding);
        holding.idle = true;
    }

    /** One of the runs behind it is gone. */
    void followedLess(Holding holding) {
        if (--holding.followed == 0 && holding.users == 0 && !holding.idle) {
            setFree(holding);
        }
    }

    /** A run fell in two; returns the holding of the first part. */
    Holding split(Holding rest, Run head) {
        Holding first = take(head);
        first.followed = 1;
        first.users = rest.users;
        first.idle = rest.idle;
        list(rest).split(rest, first);
        return first;
    }

    /** The end of some output, or all of it. */
    void dropOutput(Holding output, int blocks) {
        if (blocks == output.anonymous) {
            remove(output);
        } else {
            output.anonymous -= blocks;
            shortened(output, blocks);
        }
    }

    /** The end of a run is gone. */
    void shortened(Holding holding, int by) {
        size -= by;
        list(holding).shortened(holding, by);
    }

    void remove(Holding holding) {
        size -= holding.blocks();
        list(holding).unlink(holding);
        holding.run = null;
        holding.older = free;
        free = holding;
    }

    private Recency list(Holding holding) {
        return holding.idle ? idle : inUse;
    }

    private Holding take(@Nullable Run run) {
        Holding taken = free;
        if (taken == null) {
            taken = new Holding(this);
        } else {
            free = taken.older;
        }
        taken.run = run;
        taken.users = 0;
        taken.followed = 0;
        taken.idle = false;
        return taken;
    }
}
