package dev.presage.router.prefix;

import java.util.Arrays;

/**
 * Slots from the least to the most recently used, and which of them are the next to go: at most so many, the oldest. Every step is
 * constant time and allocates nothing. Not thread-safe.
 */
final class Recency {
    static final int NONE = -1;

    private int[] older;
    private int[] newer;
    private boolean[] leaving;
    private int oldest = NONE;
    private int newest = NONE;
    /** The newest of those that leave next. */
    private int edge = NONE;

    private int size;
    private int leavingCount;
    private int mostLeaving;

    Recency(int slots) {
        older = new int[slots];
        newer = new int[slots];
        leaving = new boolean[slots];
    }

    void grow(int slots) {
        older = Arrays.copyOf(older, slots);
        newer = Arrays.copyOf(newer, slots);
        leaving = Arrays.copyOf(leaving, slots);
    }

    /** So many count as the next to go. */
    void mostLeaving(int most) {
        mostLeaving = most;
        balance();
    }

    int oldest() {
        return oldest;
    }

    /** How many slots are listed for each of those that leave next, if the slot is one of those; else 0. */
    double lengthOverLeaving(int slot) {
        return leaving[slot] ? (double) size / leavingCount : 0;
    }

    /** As the most recently used. */
    void link(int slot) {
        newer[slot] = NONE;
        older[slot] = newest;
        if (newest == NONE) {
            oldest = slot;
        } else {
            newer[newest] = slot;
        }
        newest = slot;
        size++;
        balance();
    }

    void unlink(int slot) {
        if (leaving[slot]) {
            leaving[slot] = false;
            leavingCount--;
            edge = edge == slot ? older[slot] : edge;
        }
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
        size--;
        balance();
    }

    /** What was listed as one slot is listed as another, that is not. */
    void rename(int from, int to) {
        older[to] = older[from];
        newer[to] = newer[from];
        leaving[to] = leaving[from];
        leaving[from] = false;
        edge = edge == from ? to : edge;
        if (newer[to] == NONE) {
            newest = to;
        } else {
            older[newer[to]] = to;
        }
        if (older[to] == NONE) {
            oldest = to;
        } else {
            newer[older[to]] = to;
        }
    }

    private void balance() {
        while (leavingCount > mostLeaving) {
            leaving[edge] = false;
            edge = older[edge];
            leavingCount--;
        }
        int next = edge == NONE ? oldest : newer[edge];
        while (leavingCount < mostLeaving && next != NONE) {
            leaving[next] = true;
            edge = next;
            leavingCount++;
            next = newer[next];
        }
    }
}
