package dev.presage.store.cli;

import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.Gate;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.MovePlan;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolState;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
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

    @Option(names = "--dry-run", description = "Show what would happen and why; change nothing.")
    private boolean dryRun;

    @Option(names = "--force", description = "Past the gates of the pool's policy; the audit log says so.")
    private boolean force;

    private record Plan(String outcome, String problem, List<Gate> gates, PoolState state) {}

    @Override
    int run(ModelRegistry store) throws IOException {
        PoolState state = store.pool(registry.pool(store));
        Alias target = Alias.ofKey(alias).orElseThrow(() -> new RefusedException("unknown alias '" + alias + "'"));
        MoveRequest move = new MoveRequest(
                state.pool(),
                target,
                RegistryOptions.version(state, name),
                expectedRevision.orElse(state.revision()),
                actor,
                reason,
                Map.of(),
                force);
        return dryRun ? show(store.plan(move)) : report(store.change(move));
    }

    /** Exit code 1 when it would not be done. */
    private int show(MovePlan plan) {
        Plan shown =
                switch (plan.outcome()) {
                    case ChangeOutcome.Changed(PoolState state) -> new Plan("would change", "", plan.gates(), state);
                    case ChangeOutcome.Unchanged(PoolState state) ->
                        new Plan("would change nothing", "", plan.gates(), state);
                    case ChangeOutcome.Conflict conflict ->
                        new Plan("would be refused", conflict.message(), plan.gates(), conflict.state());
                    case ChangeOutcome.Refused(PoolState state, String problem) ->
                        new Plan("would be refused", problem, plan.gates(), state);
                };
        if (output == Output.json) {
            printJson(shown);
        } else {
            plan.gates().forEach(gate -> out().printf(
                            "%-5s %-11s %s%n",
                            gate.verdict().name().toLowerCase(Locale.ROOT), gate.name(), gate.text()));
            out().println(shown.outcome() + (shown.problem().isEmpty() ? "" : ": " + shown.problem()));
            printAliases(shown.state());
        }
        return shown.problem().isEmpty() ? 0 : 1;
    }
}
