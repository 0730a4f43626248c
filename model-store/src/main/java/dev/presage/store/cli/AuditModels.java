package dev.presage.store.cli;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.registry.AuditEntry;
import dev.presage.store.registry.ModelRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code presage models audit}: newest first. */
@Command(name = "audit", mixinStandardHelpOptions = true, description = "Who did what to a pool, when and why.")
final class AuditModels extends ModelsSubcommand {
    private static final String ROW = "%-20s  %-12s  %-9s  %-19s  %-10s  %s%n";

    @Option(
            names = "--newest",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many entries (default: ${DEFAULT-VALUE}).")
    private int newest;

    @Override
    int run(ModelRegistry store) throws IOException {
        List<AuditEntry> entries = store.audit(registry.pool(store), newest);
        if (output == Output.json) {
            printJson(entries);
            return 0;
        }
        out().printf(ROW, "WHEN", "WHO", "WHAT", "BUNDLE", "ALIAS", "WHY");
        for (AuditEntry entry : entries) {
            out().printf(
                            ROW,
                            Instant.ofEpochMilli(entry.atMs() / 1000 * 1000),
                            entry.actor(),
                            entry.action().name().toLowerCase(Locale.ROOT),
                            shortId(entry.bundle()),
                            entry.alias() == null ? "" : entry.alias().key(),
                            entry.reason() + (entry.evidence().isEmpty() ? "" : " " + new TreeMap<>(entry.evidence())));
        }
        return 0;
    }

    private static String shortId(@Nullable BundleId bundle) {
        return bundle == null ? "" : bundle.value().substring(0, 19);
    }
}
