package dev.presage.testbed.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One start of a router, in seconds since its launcher was called.
 *
 * @param routed until a request had a destination
 * @param learned until the model had chosen one
 */
record StartTime(double routed, double learned) {
    /** A line per start, then the medians. */
    static String table(List<StartTime> starts) {
        StringBuilder text =
                new StringBuilder(String.format("%-8s %14s %14s%n", "start", "first routed", "first learned"));
        for (int i = 0; i < starts.size(); i++) {
            text.append(row(Integer.toString(i + 1), starts.get(i)));
        }
        return text.append(row(
                        "median", new StartTime(median(starts, StartTime::routed), median(starts, StartTime::learned))))
                .toString();
    }

    private static String row(String name, StartTime start) {
        return String.format(Locale.ROOT, "%-8s %12.2f s %12.2f s%n", name, start.routed, start.learned);
    }

    static double median(List<StartTime> starts, ToDoubleFunction<StartTime> what) {
        double[] sorted = starts.stream().mapToDouble(what).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
