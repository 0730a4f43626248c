package dev.presage.store.cli;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleManifest;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.bundle.TrainingWindow;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.evidence.PredictionDifference;
import dev.presage.store.predict.Target;
import dev.presage.store.registry.ModelRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code presage models diff}: two versions side by side, and what they say of the same rows. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description =
                "Compare two versions: data, configuration, metrics per slice, importances, predictions on the same rows.")
final class DiffModels extends ModelsSubcommand {
    private static final String ROW = "%-30s  %14s  %14s%n";

    @Parameters(index = "0", paramLabel = "FROM", description = "Alias or id.")
    private String from = "";

    @Parameters(index = "1", paramLabel = "TO", description = "Alias or id.")
    private String to = "";

    private record Difference(
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
            List<PredictionDifference> predictions) {}

    /** Median errors; null where a version has none. */
    private record Slice(
            String name,
            Target target,
            @Nullable Double from,
            @Nullable Double to) {}

    private record Importance(Target target, String column, double from, double to) {}

    @Override
    int run(ModelRegistry store) throws IOException {
        VerifiedBundle one =
                StoredBundle.verified(registry.trust().reader(), StoredBundle.archive(store, registry, from));
        VerifiedBundle other =
                StoredBundle.verified(registry.trust().reader(), StoredBundle.archive(store, registry, to));
        Difference difference = difference(one, other);
        if (output == Output.json) {
            printJson(difference);
        } else {
            print(difference);
        }
        return 0;
    }

    private static Difference difference(VerifiedBundle one, VerifiedBundle other) {
        BundleManifest a = one.manifest();
        BundleManifest b = other.manifest();
        return new Difference(
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

    private void print(Difference difference) {
        printData("from  ", difference.from(), difference.fromData());
        printData("to    ", difference.to(), difference.toData());
        out().printf(
                        "schema  %s%n",
                        difference.sameSchema()
                                ? "the same"
                                : "differs; gone " + difference.columnsGone() + ", new " + difference.columnsNew());
        difference.configuration().forEach((name, values) -> out().printf(
                        "%s: %s -> %s%n", name, values.get(0), values.get(1)));
        out().println();
        out().printf(ROW, "MEDIAN ERROR, ITS OWN DATA", "FROM", "TO");
        difference.slices().forEach(slice -> out().printf(
                        ROW, label(slice.target(), slice.name()), percent(slice.from()), percent(slice.to())));
        out().println();
        out().printf(ROW, "IMPORTANCE", "FROM", "TO");
        difference.importances().stream().limit(10).forEach(importance -> out().printf(
                        ROW,
                        label(importance.target(), importance.column()),
                        percent(importance.from()),
                        percent(importance.to())));
        out().println();
        out().printf("%-30s  %14s  %14s  %14s%n", "TO OVER FROM, SAME ROWS", "MEDIAN", "90 % WITHIN", "MOST");
        difference.predictions().forEach(rows -> out().printf(
                        Locale.ROOT,
                        "%-30s  %14.3f  %14.3f  %14.3f%n",
                        label(rows.target(), rows.rows() + " golden rows"),
                        rows.medianRatio(),
                        rows.within(),
                        rows.most()));
    }

    private void printData(String label, BundleId bundle, TrainingWindow window) {
        out().printf("%s  %s%n", label, bundle);
        out().printf("        %s%n        offsets %s%n", DataWindow.text(window), DataWindow.offsets(window));
    }

    private static String label(Target target, String name) {
        return target.name().toLowerCase(Locale.ROOT) + " " + name;
    }

    private static String percent(@Nullable Double share) {
        return share == null ? "-" : String.format(Locale.ROOT, "%.1f %%", share * 100);
    }
}
