package dev.presage.testbed.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * All measurements of one combination.
 *
 * @param server one of the names in {@link ServerUnderTest}
 * @param decidedBy decisions per policy and reason as the router counted them, {@code learned} or {@code lmetric/no-model};
 *     empty for the floor
 */
record CellResult(
        String server,
        int endpoints,
        int bodyBytes,
        LoadShape shape,
        List<Measurement> repeats,
        Map<String, Long> decidedBy) {
    static final String LEARNED = "learned";

    CellResult {
        repeats = List.copyOf(repeats);
        decidedBy = Map.copyOf(decidedBy);
        if (repeats.isEmpty()) {
            throw new IllegalArgumentException("a result needs at least one measurement");
        }
    }

    double median(ToDoubleFunction<Measurement> figure) {
        double[] sorted = sorted(figure);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double least(ToDoubleFunction<Measurement> figure) {
        return sorted(figure)[0];
    }

    double most(ToDoubleFunction<Measurement> figure) {
        return sorted(figure)[repeats.size() - 1];
    }

    long errors() {
        return repeats.stream().mapToLong(Measurement::errors).sum();
    }

    /** Share of the router's decisions that the model made; NaN when it made none at all. */
    double learnedShare() {
        long all = decidedBy.values().stream().mapToLong(Long::longValue).sum();
        return all == 0 ? Double.NaN : (double) decidedBy.getOrDefault(LEARNED, 0L) / all;
    }

    private double[] sorted(ToDoubleFunction<Measurement> figure) {
        double[] values = repeats.stream().mapToDouble(figure).toArray();
        Arrays.sort(values);
        return values;
    }
}
