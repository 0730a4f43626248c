package dev.presage.store.cli;

import dev.presage.store.bundle.BundleManifest;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.registry.ModelRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code presage models show}: the manifest. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "What is known about one version.")
final class ShowModel extends ModelsSubcommand {
    private static final String ROW = "%-28s  %8s  %9s  %-22s  %9s%n";

    @Parameters(paramLabel = "BUNDLE", defaultValue = "champion", description = "Alias or id (default: champion).")
    private String name = "champion";

    @Override
    int run(ModelRegistry store) throws IOException {
        VerifiedBundle bundle =
                StoredBundle.verified(registry.trust().reader(), StoredBundle.archive(store, registry, name));
        if (output == Output.json) {
            printJson(bundle.manifest());
            return 0;
        }
        printHead(bundle);
        printMetrics(bundle.manifest());
        return 0;
    }

    private void printHead(VerifiedBundle bundle) {
        ModelCard card = bundle.manifest().card();
        out().printf("bundle      %s%n", bundle.id());
        out().printf("pool        %s%n", card.pool());
        out().printf("parent      %s%n", card.parent() == null ? "none" : card.parent());
        out().printf("created     %s by %s%n", Instant.ofEpochMilli(card.createdAtMs()), card.creator());
        out().printf("signed      %s%n", bundle.isSigned() ? "yes" : "no");
        out().printf(
                        "trained on  %d samples, %s to %s%n",
                        card.window().samples(),
                        Instant.ofEpochMilli(card.window().fromMs()),
                        Instant.ofEpochMilli(card.window().toMs()));
        out().printf(
                        "trainer     seed %d, %s%n",
                        card.trainer().seed(), new TreeMap<>(card.trainer().configuration()));
        String columns = card.importances().stream()
                .limit(5)
                .map(importance ->
                        "%s %s %.0f %%".formatted(importance.target(), importance.column(), importance.share() * 100))
                .collect(Collectors.joining(", "));
        out().printf("importance  %s%n%n", columns.isEmpty() ? "not recorded" : columns);
    }

    private void printMetrics(BundleManifest manifest) {
        String levels = manifest.quantiles().stream().map(String::valueOf).collect(Collectors.joining("/"));
        out().printf(ROW, "SLICE", "SAMPLES", "ERROR", "COVERAGE " + levels, "PINBALL");
        ModelMetrics metrics = manifest.card().metrics();
        Stream.concat(Stream.of(metrics.overall()), metrics.slices().stream()).forEach(slice -> {
            printRow(slice.name() + " ttft", slice.ttft());
            printRow(slice.name() + " tpot", slice.tpot());
        });
    }

    private void printRow(String label, ModelMetrics.Accuracy accuracy) {
        if (accuracy.count() > 0) {
            out().printf(
                            ROW,
                            label,
                            accuracy.count(),
                            "%.1f %%".formatted(accuracy.medianApe() * 100),
                            coverage(accuracy.coverage()),
                            "%.2f ms".formatted(accuracy.pinball()));
        }
    }

    private static String coverage(List<Double> shares) {
        return shares.stream().map("%.3f"::formatted).collect(Collectors.joining("/"));
    }
}
