package dev.presage.router.scrape;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The families of one engine, arranged so that a line that is not needed is recognised by two comparisons: the prefix that all
 * names share, and a bitmap of the byte behind it.
 */
final class EngineTable {
    final byte[] blockSizeLabel;
    final byte[] blocksLabel;
    private final Family[] families;
    private final List<String> attributes;
    private final byte[] shared;
    private final long[] next = new long[4];

    EngineTable(EngineSpec spec) {
        this.blockSizeLabel = spec.blockSizeLabel().getBytes(StandardCharsets.UTF_8);
        this.blocksLabel = spec.blocksLabel().getBytes(StandardCharsets.UTF_8);
        List<Family> found = new ArrayList<>();
        spec.metrics().forEach((role, metrics) -> metrics.forEach(metric -> found.add(Family.of(role, 0, metric))));
        attributes = List.copyOf(spec.attributes().keySet());
        for (int i = 0; i < attributes.size(); i++) {
            found.add(Family.of(
                    Role.ATTRIBUTE, i, Objects.requireNonNull(spec.attributes().get(attributes.get(i)))));
        }
        families = found.toArray(Family[]::new);
        shared = sharedPrefix(families);
        for (Family family : families) {
            int following = family.name()[shared.length] & 0xff;
            next[following >> 6] |= 1L << following;
        }
    }

    /** What all names begin with, but never a whole name. */
    private static byte[] sharedPrefix(Family[] families) {
        byte[] first = families[0].name();
        int length = first.length - 1;
        for (Family family : families) {
            int differs = Arrays.mismatch(first, family.name());
            int most = Math.min(length, family.name().length - 1);
            length = differs < 0 ? most : Math.min(most, differs);
        }
        return Arrays.copyOf(first, length);
    }

    /** Names of the attributes, by position. */
    List<String> attributes() {
        return attributes;
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
        if (following >= to || shared.length > 0 && line[from] != shared[0]) {
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
