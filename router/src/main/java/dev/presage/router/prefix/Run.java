package dev.presage.router.prefix;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that so far always followed each other, an edge of the {@link RunTree}, and who holds them. Whoever holds a run holds
 * all of it and all runs before it. Not thread-safe.
 */
final class Run {
    /** The root's is the root. */
    Run parent;

    long[] blocks;
    /** By the numbers of their endpoints, in rising order. */
    private Holding[] holdings = new Holding[1];

    private int[] numbers = new int[1];
    private int holders;

    Run(Run parent, long[] blocks) {
        this.parent = parent;
        this.blocks = blocks;
    }

    private Run() {
        parent = this;
        blocks = new long[0];
    }

    static Run root() {
        return new Run();
    }

    /** How many of its blocks are those of the prompt from {@code from} up to {@code to}. */
    int common(long[] prompt, int from, int to) {
        int most = Math.min(blocks.length, to - from);
        int differ = Arrays.mismatch(blocks, 0, most, prompt, from, from + most);
        return differ < 0 ? most : differ;
    }

    /** Only the first ones remain. */
    void keep(int count) {
        blocks = Arrays.copyOf(blocks, count);
    }

    int holders() {
        return holders;
    }

    Holding holding(int place) {
        return holdings[place];
    }

    @Nullable
    Holding of(int number) {
        int place = Arrays.binarySearch(numbers, 0, holders, number);
        return place < 0 ? null : holdings[place];
    }

    /** Sets for all holders what they match. */
    void mark(int[] matched, int blocks) {
        for (int i = 0; i < holders; i++) {
            matched[numbers[i]] = blocks;
        }
    }

    void add(Holding holding) {
        int place = ~Arrays.binarySearch(numbers, 0, holders, holding.holder.number);
        if (holders == numbers.length) {
            holdings = Arrays.copyOf(holdings, 2 * holders);
            numbers = Arrays.copyOf(numbers, 2 * holders);
        }
        System.arraycopy(holdings, place, holdings, place + 1, holders - place);
        System.arraycopy(numbers, place, numbers, place + 1, holders - place);
        holdings[place] = holding;
        numbers[place] = holding.holder.number;
        holders++;
    }

    void remove(Holding holding) {
        int place = Arrays.binarySearch(numbers, 0, holders, holding.holder.number);
        holders--;
        System.arraycopy(holdings, place + 1, holdings, place, holders - place);
        System.arraycopy(numbers, place + 1, numbers, place, holders - place);
        holdings[holders] = null;
    }
}
