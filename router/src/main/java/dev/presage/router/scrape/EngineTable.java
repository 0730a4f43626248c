package dev.presage.router.scrape;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The families of one engine, arranged so that a line that is not needed is recognised by two comparisons: the prefix that all
 * names share, and a bitmap of the byte behind it.
 */
final class EngineTable {
    final byte[] blockSizeLabel;
    final byte[] blocksLabel;
    private final Family[] families;
    private final byte[] shared;
    private final long[] next = new long[4];

    EngineTable(List<Family> families, String blockSizeLabel, String blocksLabel) {
        this.families = families.toArray(Family[]::new);
        this.blockSizeLabel = blockSizeLabel.getBytes(StandardCharsets.US_ASCII);
        this.blocksLabel = blocksLabel.getBytes(StandardCharsets.US_ASCII);
        byte[] first = this.families[0].name();
        int length = first.length - 1;
        for (Family family : families) {
            int differs = Arrays.mismatch(first, family.name());
            length = Math.min(length, differs < 0 ? length : differs);
        }
        shared = Arrays.copyOf(first, length);
        for (Family family : families) {
            int following = family.name()[length] & 0xff;
            next[following >> 6] |= 1L << following;
        }
    }

    int size() {
        return families.length;
    }

    Family family(int index) {
        return families[index];
    }

    /** Length of the name that starts at {@code from} if it is one of the table's, else 0. */
    int nameLength(byte[] line, int from, int to) {
        int following = from + shared.length;
        if (following >= to || line[from] != shared[0]) {
            return 0;
        }
        int code = line[following] & 0xff;
        if ((next[code >> 6] & 1L << code) == 0 || !Arrays.equals(line, from, following, shared, 0, shared.length)) {
            return 0;
        }
        for (Family family : families) {
            if (isName(family.name(), line, from, to)) {
                return family.name().length;
            }
        }
        return 0;
    }

    private static boolean isName(byte[] name, byte[] line, int from, int to) {
        int end = from + name.length;
        if (end >= to || !Arrays.equals(line, from, end, name, 0, name.length)) {
            return false;
        }
        byte after = line[end];
        return after == '{' || after == ' ' || after == '\t';
    }
}
