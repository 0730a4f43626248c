package dev.presage.store.cli;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.TrainingWindow;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.evidence.ModelDifference;
import dev.presage.store.predict.Target;
import dev.presage.store.registry.ModelRegistry;
import java.io.IOException;
import java.util.Locale;
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

    @Override
    int run(ModelRegistry store) throws IOException {
        VerifiedBundle one =
                StoredBundle.verified(registry.trust().reader(), StoredBundle.archive(store, registry, from));
        VerifiedBundle other =
                StoredBundle.verified(registry.trust().reader(), StoredBundle.archive(store, registry, to));
        ModelDifference difference = ModelDifference.of(one, other);
        if (output == Output.json) {
            printJson(difference);
        } else {
            print(difference);
        }
        return 0;
    }

    private void print(ModelDifference difference) {
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
