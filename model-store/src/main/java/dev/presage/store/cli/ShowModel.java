package dev.presage.store.cli;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleManifest;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.VersionEntry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code presage models show}: the manifest. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "What is known about one version.")
final class ShowModel extends ModelsSubcommand {
    private static final String ROW = "%-28s  %8s  %-20s  %-22s  %9s%n";
    private static final int MAX_PROVENANCE = 400;

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
        printOrigin(bundle.manifest());
        printStanding(store.pool(bundle.manifest().card().pool()), bundle.id());
        out().println();
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
        String columns = card.importances().stream()
                .limit(5)
                .map(importance ->
                        "%s %s %.0f %%".formatted(importance.target(), importance.column(), importance.share() * 100))
                .collect(Collectors.joining(", "));
        out().printf("importance  %s%n", columns.isEmpty() ? "not recorded" : columns);
    }

    private void printOrigin(BundleManifest manifest) {
        ModelCard card = manifest.card();
        out().printf(
                        "schema      %s, %d columns%n",
                        manifest.features().hash(), manifest.features().keys().size());
        out().printf("trained on  %s%n", DataWindow.text(card.window()));
        out().printf("offsets     %s%n", DataWindow.offsets(card.window()));
        out().printf(
                        "trainer     seed %d, %s%n",
                        card.trainer().seed(), new TreeMap<>(card.trainer().configuration()));
        String provenance = card.trainer().provenance().strip().replaceAll("\\s+", " ");
        boolean isLong = provenance.length() > MAX_PROVENANCE;
        out().printf(
                        "provenance  %s%n",
                        provenance.isEmpty()
                                ? "not recorded"
                                : isLong
                                        ? provenance.substring(0, MAX_PROVENANCE) + "... (all of it: --output json)"
                                        : provenance);
    }

    private void printStanding(PoolState pool, BundleId bundle) {
        VersionEntry version = pool.version(bundle).orElse(null);
        if (version == null) {
            return;
        }
        out().printf("state       %s%n", version.state().name().toLowerCase(Locale.ROOT));
        if (!version.tags().isEmpty()) {
            out().printf("tags        %s%n", String.join(" ", version.tags()));
        }
        if (!version.note().isEmpty()) {
            out().printf("note        %s%n", version.note());
        }
        out().printf("lineage     %s%n", String.join(" <- ", lineage(pool, version)));
        version.evidence().keySet().stream().sorted().forEach(kind -> out().printf("evidence    %s%n", kind.key()));
    }

    /** The version and its ancestors as far as the pool still has them, at most ten. */
    private static List<String> lineage(PoolState pool, VersionEntry version) {
        List<String> line = new ArrayList<>();
        VersionEntry at = version;
        while (at != null && line.size() < 10) {
            line.add(at.bundle().value().substring(0, 19));
            BundleId parent = at.parent();
            at = parent == null ? null : pool.version(parent).orElse(null);
        }
        return line;
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
                            "%.1f %% (%.1f-%.1f)"
                                    .formatted(
                                            accuracy.medianApe() * 100,
                                            accuracy.medianApeLow() * 100,
                                            accuracy.medianApeHigh() * 100),
                            coverage(accuracy.coverage()),
                            "%.2f ms".formatted(accuracy.pinball()));
        }
    }

    private static String coverage(List<Double> shares) {
        return shares.stream().map("%.3f"::formatted).collect(Collectors.joining("/"));
    }
}
