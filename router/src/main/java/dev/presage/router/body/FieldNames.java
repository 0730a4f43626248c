package dev.presage.router.body;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A fixed set of member names, found from their bytes without making a String. Immutable. */
public final class FieldNames {
    /** Longer names are never in a set. */
    static final int LONGEST = 40;

    private final String[] names;
    private final byte[][] bytes;
    private final int mask;

    private FieldNames(int slots) {
        names = new String[slots];
        bytes = new byte[slots][];
        mask = slots - 1;
    }

    /** The set of {@code names}; each at most 40 bytes. */
    public static FieldNames of(String... names) {
        FieldNames set = new FieldNames(Integer.highestOneBit(names.length) * 4);
        for (String name : names) {
            set.add(name);
        }
        return set;
    }

    private void add(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > LONGEST) {
            throw new IllegalArgumentException("name " + name + " must have at most " + LONGEST + " bytes");
        }
        int slot = slot(utf8, utf8.length);
        names[slot] = name;
        bytes[slot] = utf8;
    }

    /** The name, or empty when it is not in the set. */
    String find(byte[] name, int length) {
        int slot = slot(name, length);
        return bytes[slot] == null ? "" : names[slot];
    }

    private int slot(byte[] name, int length) {
        int hash = length;
        for (int i = 0; i < length; i++) {
            hash = hash * 31 + name[i];
        }
        int slot = (hash ^ hash >>> 15) & mask;
        while (bytes[slot] != null && !Arrays.equals(bytes[slot], 0, bytes[slot].length, name, 0, length)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
