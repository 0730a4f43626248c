package dev.presage.store.cli;

import dev.presage.store.registry.LifecycleState;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.WithdrawRequest;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code presage models reject}. */
@Command(
        name = "reject",
        mixinStandardHelpOptions = true,
        description = "Take a version out of service for good: it loses its aliases and gets none again.")
final class RejectModel extends ChangeSubcommand {
    @Parameters(paramLabel = "BUNDLE", description = "Alias or id.")
    private String name = "";

    @Option(names = "--retire", description = "Retire it instead: it may come back.")
    private boolean retire;

    @Override
    int run(ModelRegistry store) throws IOException {
        PoolState state = store.pool(registry.pool(store));
        return report(store.change(new WithdrawRequest(
                state.pool(),
                RegistryOptions.version(state, name),
                retire ? LifecycleState.RETIRED : LifecycleState.REJECTED,
                expectedRevision.orElse(state.revision()),
                actor,
                reason,
                Map.of())));
    }
}
