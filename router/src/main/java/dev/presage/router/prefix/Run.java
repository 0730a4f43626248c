package dev.presage.router.prefix;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that so far always followed each other, at most {@value #MOST}: an edge of the {@link RunTree}, and who holds it. Whoever
 * holds a run holds all of it and all runs before it. Used again and again, since what lives for minutes is the dearest garbage.
 * Not thread-safe.
 */
final class Run {
    /** A thousand tokens: short runs waste little, long prompts are still few. */
    static final int MOST = 16;

    private static final int FEW = 8;

    final long[] blocks = new long[MOST];
    int length;
    /** The root's is the root. */
    Run parent = this;

    /** By the numbers of their endpoints, in rising order. */
    private Holding[] holdings = new Holding[1];

    private int[] numbers = new int[1];
    private int holders;

    /** Begins anew, behind {@code parent}, with the prompt's next blocks up to {@code to}, as many as there is room for. */
    void begin(Run parent, long[] prompt, int from, int to) {
        this.parent = parent;
        length = Math.min(MOST, to - from);
        System.arraycopy(prompt, from, blocks, 0, length);
        if (numbers.length > FEW) {
            holdings = new Holding[1];
            numbers = new int[1];
        }
    }

    /** How many of its blocks are those of the prompt from {@code from} up to {@code to}. */
    int common(long[] prompt, int from, int to) {
        int most = Math.min(length, to - from);
        int differ = Arrays.mismatch(blocks, 0, most, prompt, from, from + most);
        return differ < 0 ? most : differ;
    }

    /** The first ones go. */
    void behead(int count) {
        length -= count;
        System.arraycopy(blocks, count, blocks, 0, length);
    }

    int holders() {
        return holders;
    }

    Holding holding(int place) {
        return holdings[place];
    }

    @Nullable
    Holding of(int number) {
        int place = place(number);
        return place < 0 ? null : holdings[place];
    }

    /** Sets for all holders what they match. */
    void mark(int[] matched, int blocks) {
        for (int i = 0; i < holders; i++) {
            matched[numbers[i]] = blocks;
        }
    }

    void add(Holding holding) {
        int place = ~place(holding.holder.number);
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
        int place = place(holding.holder.number);
        holders--;
        System.arraycopy(holdings, place + 1, holdings, place, holders - place);
        System.arraycopy(numbers, place + 1, numbers, place, holders - place);
        holdings[holders] = null;
    }

    private int place(int number) {
        return Arrays.binarySearch(numbers, 0, holders, number);
    }
}
