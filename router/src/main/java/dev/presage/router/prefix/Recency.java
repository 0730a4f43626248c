package dev.presage.router.prefix;

import org.jspecify.annotations.Nullable;

/**
 * Holdings from the least to the most recently used, and which of them are the next to go: the oldest, just so many that they
 * have a given number of blocks. Every step takes a constant time, spread over the steps. Not thread-safe.
 */
final class Recency {
    private @Nullable Holding oldest;
    private @Nullable Holding newest;
    /** The newest of those that leave next. */
    private @Nullable Holding edge;

    private long blocks;
    private long leavingBlocks;
    private long mostLeaving;

    /** So many blocks count as the next to go. */
    void mostLeaving(long most) {
        mostLeaving = most;
        balance();
    }

    @Nullable
    Holding oldest() {
        return oldest;
    }

    /** How many blocks are listed for each of those that leave next, if the holding is one of those; else 0. */
    double blocksOverLeaving(Holding holding) {
        return holding.leaving ? (double) blocks / leavingBlocks : 0;
    }

    /** As the most recently used. */
    void link(Holding holding) {
        holding.newer = null;
        holding.older = newest;
        if (newest == null) {
            oldest = holding;
        } else {
            newest.newer = holding;
        }
        newest = holding;
        blocks += holding.blocks();
        balance();
    }

    void unlink(Holding holding) {
        if (holding.leaving) {
            holding.leaving = false;
            leavingBlocks -= holding.blocks();
            edge = edge == holding ? holding.older : edge;
        }
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
        blocks -= holding.blocks();
        balance();
    }

    /** A run fell in two: its first part is as new as the rest, and leaves after it. */
    void split(Holding rest, Holding first) {
        first.older = rest;
        first.newer = rest.newer;
        rest.newer = first;
        if (first.newer == null) {
            newest = first;
        } else {
            first.newer.older = first;
        }
        if (edge == rest) {
            leavingBlocks -= first.blocks();
        } else {
            first.leaving = rest.leaving;
        }
        balance();
    }

    /** The end of a holding is gone. */
    void shortened(Holding holding, int by) {
        blocks -= by;
        leavingBlocks -= holding.leaving ? by : 0;
        balance();
    }

    private void balance() {
        while (edge != null && leavingBlocks - edge.blocks() >= mostLeaving) {
            edge.leaving = false;
            leavingBlocks -= edge.blocks();
            edge = edge.older;
        }
        Holding next = edge == null ? oldest : edge.newer;
        while (next != null && leavingBlocks < mostLeaving) {
            next.leaving = true;
            leavingBlocks += next.blocks();
            edge = next;
            next = next.newer;
        }
    }
}
