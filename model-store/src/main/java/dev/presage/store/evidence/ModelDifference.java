package dev.presage.store.evidence;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleManifest;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.bundle.TrainingWindow;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.predict.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two versions side by side, and what they say of the same rows.
 *
 * @param columnsGone of the feature row, that only the first has
 * @param columnsNew that only the second has
 * @param configuration of the trainer, where it differs: the first's value and the second's
 * @param importances of all columns that either names
 */
public record ModelDifference(
        BundleId from,
        BundleId to,
        TrainingWindow fromData,
        TrainingWindow toData,
        boolean sameSchema,
        List<String> columnsGone,
        List<String> columnsNew,
        Map<String, List<String>> configuration,
        List<Slice> slices,
        List<Importance> importances,
        List<PredictionDifference> predictions) {

    /** Median errors; null where a version has none. */
    public record Slice(
            String name,
            Target target,
            @Nullable Double from,
            @Nullable Double to) {}

    /** Shares of a column, 0 to 1. */
    public record Importance(Target target, String column, double from, double to) {}

    /** From the first to the second. */
    public static ModelDifference of(VerifiedBundle one, VerifiedBundle other) {
        BundleManifest a = one.manifest();
        BundleManifest b = other.manifest();
        return new ModelDifference(
                one.id(),
                other.id(),
                a.card().window(),
                b.card().window(),
                a.features().hash().equals(b.features().hash()),
                without(a.features().keys(), b.features().keys()),
                without(b.features().keys(), a.features().keys()),
                configuration(a.card(), b.card()),
                slices(a.card().metrics(), b.card().metrics()),
                importances(a.card(), b.card()),
                PredictionDifference.of(one, other));
    }

    private static List<String> without(List<String> columns, List<String> others) {
        return columns.stream().filter(column -> !others.contains(column)).toList();
    }

    private static Map<String, List<String>> configuration(ModelCard a, ModelCard b) {
        Map<String, List<String>> differing = new TreeMap<>();
        Map<String, String> before = new TreeMap<>(a.trainer().configuration());
        Map<String, String> after = new TreeMap<>(b.trainer().configuration());
        before.put("seed", Long.toString(a.trainer().seed()));
        after.put("seed", Long.toString(b.trainer().seed()));
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String left = before.getOrDefault(name, "-");
            String right = after.getOrDefault(name, "-");
            if (!left.equals(right)) {
                differing.put(name, List.of(left, right));
            }
        }
        return differing;
    }

    private static List<Slice> slices(ModelMetrics a, ModelMetrics b) {
        Map<String, ModelMetrics.Slice> before = byName(a);
        Map<String, ModelMetrics.Slice> after = byName(b);
        List<String> names = Stream.concat(before.keySet().stream(), after.keySet().stream())
                .distinct()
                .toList();
        List<Slice> slices = new ArrayList<>();
        for (String name : names) {
            for (Target target : Target.values()) {
                Double left = error(before.get(name), target);
                Double right = error(after.get(name), target);
                if (left != null || right != null) {
                    slices.add(new Slice(name, target, left, right));
                }
            }
        }
        return slices;
    }

    private static Map<String, ModelMetrics.Slice> byName(ModelMetrics metrics) {
        Map<String, ModelMetrics.Slice> slices = new LinkedHashMap<>();
        Stream.concat(Stream.of(metrics.overall()), metrics.slices().stream())
                .forEach(slice -> slices.put(slice.name(), slice));
        return slices;
    }

    private static @Nullable Double error(ModelMetrics.@Nullable Slice slice, Target target) {
        if (slice == null) {
            return null;
        }
        ModelMetrics.Accuracy accuracy = target == Target.TTFT ? slice.ttft() : slice.tpot();
        return accuracy.count() == 0 ? null : accuracy.medianApe();
    }

    private static List<Importance> importances(ModelCard a, ModelCard b) {
        Map<String, Importance> all = new LinkedHashMap<>();
        a.importances()
                .forEach(one -> all.put(
                        one.target() + one.column(), new Importance(one.target(), one.column(), one.share(), 0)));
        b.importances()
                .forEach(one -> all.merge(
                        one.target() + one.column(),
                        new Importance(one.target(), one.column(), 0, one.share()),
                        (left, right) -> new Importance(left.target(), left.column(), left.from(), right.to())));
        return List.copyOf(all.values());
    }
}
