package dev.presage.store.cli;

import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.Freeze;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.VersionEntry;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code presage models list}: newest first. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Versions of a pool, newest first.")
final class ListModels extends ModelsSubcommand {
    private static final String ROW = "%-19s  %-10s  %-20s  %9s  %9s  %9s  %s%n";

    @Option(
            names = "--newest",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many versions, besides those with an alias (default: ${DEFAULT-VALUE}).")
    private int newest;

    @Override
    int run(ModelRegistry store) throws IOException {
        PoolState state = store.pool(registry.pool(store), newest);
        if (output == Output.json) {
            printJson(state);
            return 0;
        }
        out().printf("pool %s, revision %d%n", state.pool(), state.revision());
        Freeze freeze = state.frozen();
        if (freeze != null) {
            out().printf("frozen by %s: %s%n", freeze.actor(), freeze.reason());
        }
        out().println();
        out().printf(ROW, "BUNDLE", "STATE", "CREATED", "SAMPLES", "TTFT ERR", "TPOT ERR", "ALIASES, TAGS");
        for (VersionEntry version : state.versions().reversed()) {
            out().printf(
                            ROW,
                            version.bundle().value().substring(0, 19),
                            version.state().name().toLowerCase(Locale.ROOT),
                            Instant.ofEpochMilli(version.createdAtMs() / 1000 * 1000),
                            version.trainedOn(),
                            error(version.headline().ttft()),
                            error(version.headline().tpot()),
                            labels(state, version));
        }
        return 0;
    }

    private static String error(ModelMetrics.Accuracy accuracy) {
        return accuracy.count() == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", accuracy.medianApe() * 100);
    }

    private static String labels(PoolState state, VersionEntry version) {
        Stream<String> aliases = state.aliases().entrySet().stream()
                .filter(entry -> entry.getValue().equals(version.bundle()))
                .map(Map.Entry::getKey)
                .sorted(Comparator.naturalOrder())
                .map(Alias::key);
        return Stream.concat(aliases, version.tags().stream()).collect(Collectors.joining(","));
    }
}
