package dev.presage.store.cli;

import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.TrainingWindow;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.evidence.ModelDifference;
import dev.presage.store.predict.Target;
import dev.presage.store.registry.ModelRegistry;
import java.io.IOException;
import java.time.Instant;
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
            print(one, other, difference);
        }
        return 0;
    }

    private void print(VerifiedBundle one, VerifiedBundle other, ModelDifference difference) {
        out().printf("from    %s, %s%n", one.id(), data(one.manifest().card()));
        out().printf("to      %s, %s%n", other.id(), data(other.manifest().card()));
        out().printf("schema  %s%n", difference.sameSchema() ? "the same" : "differs");
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

    private static String data(ModelCard card) {
        TrainingWindow window = card.window();
        return "%d samples, %s to %s"
                .formatted(
                        window.samples(), Instant.ofEpochMilli(window.fromMs()), Instant.ofEpochMilli(window.toMs()));
    }

    private static String label(Target target, String name) {
        return target.name().toLowerCase(Locale.ROOT) + " " + name;
    }

    private static String percent(@Nullable Double share) {
        return share == null ? "-" : String.format(Locale.ROOT, "%.1f %%", share * 100);
    }
}
