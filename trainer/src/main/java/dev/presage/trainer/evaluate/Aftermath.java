package dev.presage.trainer.evaluate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.presage.pipeline.features.Slices;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import dev.presage.trainer.learn.TrainingSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Coverage of the rows that follow a drift, each by the model that was in service when it came (prequential), overall and in every slice
 * with at least {@value #ENOUGH} of them.
 */
final class Aftermath {
    private static final int ENOUGH = 200;
    /** Rows that are judged together. */
    static final int ROWS = 1_000;

    private record Row(List<String> slices, double[] covered) {}

    /**
     * Of one target.
     *
     * @param coverage of all rows
     * @param worstSlice the slice whose coverage is farthest from the level; empty when none is large enough
     */
    record Judged(double coverage, String worstSlice, double worstCoverage) {
        void put(ObjectNode json, Target target) {
            String name = "recovered_" + target.name().toLowerCase(Locale.ROOT);
            json.put(name + "_coverage", coverage)
                    .put(name + "_worst_slice", worstSlice)
                    .put(name + "_worst_slice_coverage", worstCoverage);
        }
    }

    private final double level;
    private final List<Row> rows = new ArrayList<>();

    /** @param level whose quantile is judged */
    Aftermath(double level) {
        this.level = level;
    }

    /** This was predicted of the next row behind the drift; {@code place} is that of the level. */
    void saw(Predictions predictions, int place, TrainingSet stream, int row) {
        double[] covered = new double[Target.values().length];
        for (Target target : Target.values()) {
            double actual = stream.outcome(row, target);
            covered[target.ordinal()] =
                    Double.isNaN(actual) ? Double.NaN : actual <= predictions.quantileMs(target, 0, place) ? 1 : 0;
        }
        rows.add(new Row(Slices.of(stream.row(row), stream.endpointClass(row)), covered));
    }

    /** Of the rows from this one on, counted from the drift. */
    Judged judge(Target target, int from) {
        Map<String, double[]> sums = new TreeMap<>();
        double[] all = new double[2];
        for (Row row : rows.subList(Math.min(from, rows.size()), Math.min(from + ROWS, rows.size()))) {
            double covered = row.covered()[target.ordinal()];
            if (!Double.isNaN(covered)) {
                add(all, covered);
                row.slices().forEach(slice -> add(sums.computeIfAbsent(slice, name -> new double[2]), covered));
            }
        }
        Judged worst = new Judged(all[1] / all[0], "", Double.NaN);
        for (Map.Entry<String, double[]> slice : sums.entrySet()) {
            double coverage = slice.getValue()[1] / slice.getValue()[0];
            if (slice.getValue()[0] >= ENOUGH
                    && (worst.worstSlice().isEmpty()
                            || Math.abs(coverage - level) > Math.abs(worst.worstCoverage() - level))) {
                worst = new Judged(worst.coverage(), slice.getKey(), coverage);
            }
        }
        return worst;
    }

    private static void add(double[] countAndSum, double covered) {
        countAndSum[0]++;
        countAndSum[1] += covered;
    }
}
