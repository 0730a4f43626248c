package dev.presage.store.cli;

import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.RollbackRequest;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code presage models rollback}. */
@Command(name = "rollback", mixinStandardHelpOptions = true, description = "Make the previous champion champion again.")
final class RollbackModel extends ChangeSubcommand {
    @Override
    int run(ModelRegistry store) throws IOException {
        PoolState state = store.pool(registry.pool(store));
        return report(store.change(
                new RollbackRequest(state.pool(), expectedRevision.orElse(state.revision()), actor, reason, Map.of())));
    }
}
