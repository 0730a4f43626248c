package dev.presage.testbed.engine;

import java.util.Arrays;

/**
 * An open-addressing map from a block's content hash to the block's number, with linear probing and backward-shift
 * deletion. Its table is sized once for the most entries it can ever hold, the blocks of the cache, at half load. Not
 * thread-safe.
 */
final class LongIntMap {
    static final int ABSENT = -1;

    private final long[] keys;
    private final int[] values;
    private final int mask;

    LongIntMap(int maxEntries) {
        int size = Integer.highestOneBit(Math.max(8, 2 * maxEntries - 1)) << 1;
        keys = new long[size];
        values = new int[size];
        Arrays.fill(values, ABSENT);
        mask = size - 1;
    }

    private LongIntMap(LongIntMap other) {
        keys = other.keys.clone();
        values = other.values.clone();
        mask = other.mask;
    }

    LongIntMap copy() {
        return new LongIntMap(this);
    }

    int get(long key) {
        int slot = slot(key);
        while (values[slot] != ABSENT) {
            if (keys[slot] == key) {
                return values[slot];
            }
            slot = slot + 1 & mask;
        }
        return ABSENT;
    }

    /** Maps {@code key} and returns what it was mapped to before, or {@link #ABSENT}. */
    int put(long key, int value) {
        int slot = slot(key);
        while (values[slot] != ABSENT && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        int before = values[slot];
        keys[slot] = key;
        values[slot] = value;
        return before;
    }

    void remove(long key) {
        int hole = slot(key);
        while (values[hole] != ABSENT && keys[hole] != key) {
            hole = hole + 1 & mask;
        }
        if (values[hole] == ABSENT) {
            return;
        }
        int next = hole + 1 & mask;
        while (values[next] != ABSENT) {
            // An entry may move back into the hole unless its home lies behind the hole.
            if ((next - slot(keys[next]) & mask) >= (next - hole & mask)) {
                keys[hole] = keys[next];
                values[hole] = values[next];
                hole = next;
            }
            next = next + 1 & mask;
        }
        values[hole] = ABSENT;
    }

    private int slot(long key) {
        return (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
    }
}
