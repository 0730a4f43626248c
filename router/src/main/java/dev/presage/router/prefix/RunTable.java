package dev.presage.router.prefix;

import org.jspecify.annotations.Nullable;

/**
 * Finds a run by the one before it and its first block: an open-addressing table (linear probing, at most half full). Not
 * thread-safe.
 */
final class RunTable {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Run[] runs = new Run[64];
    private int size;

    int size() {
        return size;
    }

    @Nullable
    Run find(Run parent, long first) {
        return runs[position(parent, first)];
    }

    /** There must be none like it. */
    void add(Run run) {
        runs[position(run.parent, run.blocks[0])] = run;
        if (2 * ++size > runs.length) {
            grow();
        }
    }

    /** Also moves those behind it that would no longer be found (Knuth, vol. 3, 6.4, algorithm R). */
    void remove(Run run) {
        size--;
        int mask = runs.length - 1;
        int hole = position(run.parent, run.blocks[0]);
        for (int at = hole + 1 & mask; runs[at] != null; at = at + 1 & mask) {
            if ((at - home(runs[at].blocks[0]) & mask) >= (at - hole & mask)) {
                runs[hole] = runs[at];
                hole = at;
            }
        }
        runs[hole] = null;
    }

    /** Where it is, or the free place where it belongs. */
    private int position(Run parent, long first) {
        int at = home(first);
        while (runs[at] != null && (runs[at].parent != parent || runs[at].blocks[0] != first)) {
            at = at + 1 & runs.length - 1;
        }
        return at;
    }

    /** A block's hash stands for all before it, too, so that the parent need not be in it. */
    private int home(long first) {
        return (int) (first * GOLDEN >>> Long.numberOfLeadingZeros(runs.length - 1));
    }

    private void grow() {
        Run[] former = runs;
        runs = new Run[2 * former.length];
        for (Run run : former) {
            if (run != null) {
                runs[position(run.parent, run.blocks[0])] = run;
            }
        }
    }
}
