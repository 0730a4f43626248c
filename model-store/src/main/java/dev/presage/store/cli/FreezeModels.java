package dev.presage.store.cli;

import dev.presage.store.registry.FreezeRequest;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PoolState;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code presage models freeze}. */
@Command(
        name = "freeze",
        mixinStandardHelpOptions = true,
        description = "Stop moves of a pool's aliases, people's and automatic ones; rollback and reject stay possible.")
final class FreezeModels extends ChangeSubcommand {
    @Option(names = "--off", description = "Allow moves again.")
    private boolean off;

    @Override
    int run(ModelRegistry store) throws IOException {
        PoolState state = store.pool(registry.pool(store), 0);
        return report(store.change(
                new FreezeRequest(state.pool(), !off, expectedRevision.orElse(state.revision()), actor, reason)));
    }
}
