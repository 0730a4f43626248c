package dev.presage.router.scrape;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One sample line in place: where its labels are, and its value. Reused from line to line; nothing is copied. Labels behind
 * the first {@value #MAX_LABELS} are ignored.
 */
final class SampleLine {
    static final int MAX_LABELS = 64;
    private static final int MAX_EXACT_DIGITS = 15;
    private static final double[] POWERS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private final int[] bounds = new int[4 * MAX_LABELS];
    private byte[] line = {};
    private int labels;
    private double value;

    /** Reads the line behind its name; false when it is not a sample. */
    boolean read(byte[] bytes, int from, int to) {
        line = bytes;
        labels = 0;
        int at = from;
        if (at < to && bytes[at] == '{') {
            at = readLabels(at + 1, to);
            if (at < 0) {
                return false;
            }
        }
        at = skipBlanks(at, to);
        int end = at;
        while (end < to && bytes[end] > ' ') {
            end++;
        }
        value = decimal(at, end);
        return !Double.isNaN(value);
    }

    double value() {
        return value;
    }

    /** Start and end of a label's value, packed; negative when the sample has no such label. */
    long find(byte[] name) {
        for (int i = 0; i < labels; i++) {
            if (Arrays.equals(line, bounds[4 * i], bounds[4 * i + 1], name, 0, name.length)) {
                return (long) bounds[4 * i + 2] << Integer.SIZE | bounds[4 * i + 3];
            }
        }
        return -1;
    }

    boolean has(byte[] name, byte[] wanted) {
        long found = find(name);
        return found >= 0 && Arrays.equals(line, (int) (found >> Integer.SIZE), (int) found, wanted, 0, wanted.length);
    }

    /** A label's value as a count; 0 when it is absent or not a plain number of at most nine digits. */
    int count(byte[] name) {
        long found = find(name);
        int from = (int) (found >> Integer.SIZE);
        int to = (int) found;
        if (found < 0 || to - from > 9) {
            return 0;
        }
        int count = 0;
        for (int i = from; i < to; i++) {
            if (line[i] < '0' || line[i] > '9') {
                return 0;
            }
            count = count * 10 + line[i] - '0';
        }
        return count;
    }

    private int readLabels(int from, int to) {
        int at = skipBlanks(from, to);
        while (at < to && line[at] != '}') {
            int nameFrom = at;
            while (at < to && line[at] != '=') {
                at++;
            }
            int nameTo = trim(nameFrom, at);
            at = skipBlanks(at + 1, to);
            if (at >= to || line[at] != '"') {
                return -1;
            }
            int valueFrom = ++at;
            while (at < to && line[at] != '"') {
                at += line[at] == '\\' ? 2 : 1;
            }
            if (at >= to) {
                return -1;
            }
            keep(nameFrom, nameTo, valueFrom, at);
            at = skipBlanks(at + 1, to);
            if (at < to && line[at] == ',') {
                at = skipBlanks(at + 1, to);
            }
        }
        return at < to ? at + 1 : -1;
    }

    private void keep(int nameFrom, int nameTo, int valueFrom, int valueTo) {
        if (labels < MAX_LABELS) {
            int at = 4 * labels++;
            bounds[at] = nameFrom;
            bounds[at + 1] = nameTo;
            bounds[at + 2] = valueFrom;
            bounds[at + 3] = valueTo;
        }
    }

    private int skipBlanks(int from, int to) {
        int at = from;
        while (at < to && (line[at] == ' ' || line[at] == '\t')) {
            at++;
        }
        return at;
    }

    private int trim(int from, int to) {
        int end = to;
        while (end > from && (line[end - 1] == ' ' || line[end - 1] == '\t')) {
            end--;
        }
        return end;
    }

    /** The number between the bounds; NaN when it is none, or not finite, or negative. */
    private double decimal(int from, int to) {
        long digits = 0;
        int count = 0;
        int fraction = -1;
        for (int i = from; i < to; i++) {
            byte c = line[i];
            if (c >= '0' && c <= '9' && count < MAX_EXACT_DIGITS) {
                digits = digits * 10 + c - '0';
                count++;
            } else if (c == '.' && fraction < 0) {
                fraction = count;
            } else {
                return general(from, to);
            }
        }
        if (count == 0) {
            return Double.NaN;
        }
        return fraction < 0 ? digits : digits / POWERS[count - fraction];
    }

    private double general(int from, int to) {
        if (to - from > 64) {
            return Double.NaN;
        }
        try {
            double parsed = Double.parseDouble(new String(line, from, to - from, StandardCharsets.ISO_8859_1));
            return parsed >= 0 && parsed < Double.POSITIVE_INFINITY ? parsed : Double.NaN;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
