package dev.presage.store.cli;

import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolState;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code presage models promote}. */
@Command(name = "promote", mixinStandardHelpOptions = true, description = "Give a version an alias.")
final class PromoteModel extends ChangeSubcommand {
    @Parameters(paramLabel = "BUNDLE", description = "Alias or id.")
    private String name = "";

    @Option(
            names = "--to",
            paramLabel = "ALIAS",
            defaultValue = "champion",
            description = "champion, challenger or canary (default: ${DEFAULT-VALUE}).")
    private String alias = "champion";

    @Override
    int run(ModelRegistry store) throws IOException {
        PoolState state = store.pool(registry.pool(store));
        Alias target = Alias.ofKey(alias).orElseThrow(() -> new RefusedException("unknown alias '" + alias + "'"));
        return report(store.change(new MoveRequest(
                state.pool(),
                target,
                RegistryOptions.version(state, name),
                expectedRevision.orElse(state.revision()),
                actor,
                reason,
                Map.of())));
    }
}
