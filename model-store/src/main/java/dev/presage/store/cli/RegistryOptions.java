package dev.presage.store.cli;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.promotion.GovernedRegistry;
import dev.presage.store.promotion.PolicyFiles;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PoolState;
import dev.presage.store.service.StoreClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which store and which pool. Filled by picocli on the main thread. */
final class RegistryOptions {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Mixin
    private final TrustOptions trust = new TrustOptions();

    @Option(
            names = "--store",
            paramLabel = "URL|DIR",
            defaultValue = "http://127.0.0.1:7070",
            description = "Store server, or a store directory that no server has open (default: ${DEFAULT-VALUE}).")
    private String store = "http://127.0.0.1:7070";

    @Option(names = "--pool", description = "Pool; may be left out when the store has just one.")
    private @Nullable String pool;

    @Mixin
    private final ClientOptions access = new ClientOptions();

    /** What a subcommand does with the store. */
    interface Work {
        int run(ModelRegistry registry) throws IOException;
    }

    int with(Work work) throws IOException {
        if (store.startsWith("http:") || store.startsWith("https:")) {
            try (StoreClient client = access.client(URI.create(store), TIMEOUT)) {
                return work.run(client);
            }
        }
        Path directory = Path.of(store);
        if (!Files.isDirectory(directory)) {
            throw new RefusedException("no store directory " + directory);
        }
        // A look at the store must not prune it: how much is kept is the server's setting.
        try (DirectoryRegistry registry =
                DirectoryRegistry.open(directory, trust.reader(), Integer.MAX_VALUE, InstantSource.system())) {
            PolicyFiles policies = new PolicyFiles(directory.resolve("policies"));
            return work.run(new GovernedRegistry(registry, policies, trust.reader(), InstantSource.system()));
        }
    }

    TrustOptions trust() {
        return trust;
    }

    String pool(ModelRegistry registry) throws IOException {
        if (pool != null) {
            return pool;
        }
        List<String> pools = registry.pools();
        if (pools.size() != 1) {
            throw new RefusedException(
                    pools.isEmpty() ? "the store is empty" : "say which --pool: " + String.join(", ", pools));
        }
        return pools.getFirst();
    }

    /** A version by alias, id or unambiguous beginning of an id. */
    static BundleId version(PoolState state, String name) {
        Optional<Alias> alias = Alias.ofKey(name);
        if (alias.isPresent()) {
            return state.bundle(alias.get())
                    .orElseThrow(() -> new RefusedException("pool " + state.pool() + " has no " + name));
        }
        List<BundleId> matches = state.versions().stream()
                .map(version -> version.bundle())
                .filter(bundle ->
                        bundle.value().startsWith(name) || bundle.value().startsWith("sha256-" + name))
                .toList();
        if (matches.size() != 1) {
            throw new RefusedException(
                    "'" + name + "' names " + matches.size() + " versions of pool " + state.pool() + ", must be 1");
        }
        return matches.getFirst();
    }
}
