package dev.presage.router.prefix;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a block, by small numbers: the inverse of all {@link BlockLru}s of an index, so that one pass over a prompt finds what
 * each of a thousand endpoints holds of it. Not thread-safe.
 *
 * <p>An open-addressing table (linear probing, at most half full). Up to four holders stand in the entry itself, 16 bits each;
 * more are a row of bits. Bounded by the blocks that the endpoints hold.
 */
final class BlockHolders {
    /** Numbers are below it. */
    static final int MOST = (1 << 15) - 1;

    private static final int LANES = 4;
    private static final int LANE = 16;
    private static final long LANE_MASK = (1L << LANE) - 1;
    /** A row with so few holders goes back into its entry; less than the lanes, so that it does not go to and fro. */
    private static final int FEW = 2;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long[] keys = new long[64];
    /** 0 where free, positive the holders' numbers plus one, the least significant lane first, negative a row's complement. */
    private long[] held = new long[64];

    private int size;
    private final Rows rows = new Rows();

    /** Rows of bits, each with a count; released ones are used again. */
    private static final class Rows {
        private long[][] bits = new long[16][];
        private int[] count = new int[16];
        private int[] free = new int[16];
        private int frees;
        private int used;

        int take() {
            if (frees > 0) {
                return free[--frees];
            }
            if (used == bits.length) {
                bits = Arrays.copyOf(bits, 2 * used);
                count = Arrays.copyOf(count, 2 * used);
                free = Arrays.copyOf(free, 2 * used);
            }
            bits[used] = new long[1];
            return used++;
        }

        void release(int row) {
            Arrays.fill(bits[row], 0);
            count[row] = 0;
            free[frees++] = row;
        }

        void set(int row, int number) {
            int word = number >>> 6;
            if (word >= bits[row].length) {
                bits[row] = Arrays.copyOf(bits[row], word + 1);
            }
            count[row] += (bits[row][word] >>> number & 1) == 0 ? 1 : 0;
            bits[row][word] |= 1L << number;
        }

        void clear(int row, int number) {
            int word = number >>> 6;
            if (word < bits[row].length && (bits[row][word] >>> number & 1) != 0) {
                bits[row][word] &= ~(1L << number);
                count[row]--;
            }
        }
    }

    /** Blocks that somebody holds. */
    int size() {
        return size;
    }

    void add(long block, int number) {
        int at = position(block);
        long entry = held[at];
        if (entry == 0) {
            keys[at] = block;
            held[at] = number + 1;
            if (2 * ++size > keys.length) {
                grow();
            }
        } else if (entry < 0) {
            rows.set((int) ~entry, number);
        } else {
            held[at] = with(entry, number);
        }
    }

    private long with(long entry, int number) {
        for (int lane = 0; lane < LANES; lane++) {
            long one = entry >>> lane * LANE & LANE_MASK;
            if (one == number + 1) {
                return entry;
            }
            if (one == 0) {
                return entry | (long) (number + 1) << lane * LANE;
            }
        }
        int row = rows.take();
        rows.set(row, number);
        for (int lane = 0; lane < LANES; lane++) {
            rows.set(row, (int) (entry >>> lane * LANE & LANE_MASK) - 1);
        }
        return ~row;
    }

    void remove(long block, int number) {
        int at = position(block);
        long entry = held[at];
        long left = entry < 0 ? withoutInRow((int) ~entry, number) : without(entry, number);
        held[at] = left;
        if (entry != 0 && left == 0) {
            size--;
            free(at);
        }
    }

    private static long without(long entry, int number) {
        for (int lane = 0; lane < LANES; lane++) {
            if ((entry >>> lane * LANE & LANE_MASK) == number + 1) {
                long below = entry & (1L << lane * LANE) - 1;
                return lane == LANES - 1 ? below : below | entry >>> (lane + 1) * LANE << lane * LANE;
            }
        }
        return entry;
    }

    private long withoutInRow(int row, int number) {
        rows.clear(row, number);
        if (rows.count[row] > FEW) {
            return ~row;
        }
        long entry = 0;
        long[] bits = rows.bits[row];
        for (int word = 0; word < bits.length; word++) {
            for (long left = bits[word]; left != 0; left &= left - 1) {
                entry = entry << LANE | (word << 6) + Long.numberOfTrailingZeros(left) + 1;
            }
        }
        rows.release(row);
        return entry;
    }

    /**
     * How many leading blocks each number below {@code numbers} holds; null when nobody holds the first. Allocates by {@code
     * numbers} alone, and not at all for a prompt that is new.
     */
    int @Nullable [] match(long[] blocks, int numbers) {
        if (blocks.length == 0 || held[position(blocks[0])] == 0) {
            return null;
        }
        int[] matched = new int[numbers];
        long[] left = new long[numbers + 63 >>> 6];
        long[] few = new long[left.length];
        Arrays.fill(left, -1);
        for (int i = 0; i < blocks.length; i++) {
            long entry = held[position(blocks[i])];
            long[] row = few;
            if (entry < 0) {
                row = rows.bits[(int) ~entry];
            } else {
                mark(few, entry);
            }
            boolean any = keep(left, row, i, matched);
            if (entry > 0) {
                Arrays.fill(few, 0);
            }
            if (!any) {
                return matched;
            }
        }
        keep(left, few, blocks.length, matched);
        return matched;
    }

    private static void mark(long[] bits, long entry) {
        for (long lanes = entry; lanes != 0; lanes >>>= LANE) {
            int number = (int) (lanes & LANE_MASK) - 1;
            if (number >>> 6 < bits.length) {
                bits[number >>> 6] |= 1L << number;
            }
        }
    }

    /** Takes those out of {@code left} that are not in the row: they hold the blocks before the {@code i}-th. */
    private static boolean keep(long[] left, long[] row, int i, int[] matched) {
        long any = 0;
        for (int word = 0; word < left.length; word++) {
            long kept = left[word] & (word < row.length ? row[word] : 0);
            long gone = left[word] & ~kept;
            left[word] = kept;
            any |= kept;
            // Before the first block nobody holds anything.
            for (; i > 0 && gone != 0; gone &= gone - 1) {
                matched[(word << 6) + Long.numberOfTrailingZeros(gone)] = i;
            }
        }
        return any != 0;
    }

    /** Where the block is in the table, or the free place where it belongs. */
    private int position(long block) {
        int at = home(block);
        while (held[at] != 0 && keys[at] != block) {
            at = at + 1 & keys.length - 1;
        }
        return at;
    }

    private int home(long block) {
        return (int) (block * GOLDEN >>> Long.numberOfLeadingZeros(keys.length - 1));
    }

    /** Moves the entries behind an emptied place that would no longer be found (Knuth, vol. 3, 6.4, algorithm R). */
    private void free(int emptied) {
        int mask = keys.length - 1;
        int hole = emptied;
        for (int at = hole + 1 & mask; held[at] != 0; at = at + 1 & mask) {
            if ((at - home(keys[at]) & mask) >= (at - hole & mask)) {
                keys[hole] = keys[at];
                held[hole] = held[at];
                held[at] = 0;
                hole = at;
            }
        }
    }

    private void grow() {
        long[] formerKeys = keys;
        long[] former = held;
        keys = new long[2 * formerKeys.length];
        held = new long[2 * formerKeys.length];
        for (int i = 0; i < former.length; i++) {
            if (former[i] != 0) {
                int at = position(formerKeys[i]);
                keys[at] = formerKeys[i];
                held[at] = former[i];
            }
        }
    }
}
