package dev.presage.store.cli;

import dev.presage.store.registry.Alias;
import dev.presage.store.registry.MoveOutcome;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What promotion and rollback share: who, why, on which revision, and how the outcome is told. */
abstract class MoveSubcommand extends ModelsSubcommand {
    @Option(names = "--reason", required = true, description = "Why, for the audit log.")
    String reason = "";

    @Option(names = "--actor", description = "Who, for the audit log (default: the user's name).")
    String actor = System.getProperty("user.name", "unknown");

    @Option(
            names = "--expected-revision",
            paramLabel = "N",
            description = "Move only if the pool is at this revision (default: whatever it is at).")
    Optional<Long> expectedRevision = Optional.empty();

    int report(MoveOutcome outcome) {
        return switch (outcome) {
            case MoveOutcome.Moved moved -> done(moved, "moved");
            case MoveOutcome.Unchanged unchanged -> done(unchanged, "unchanged");
            case MoveOutcome.Conflict conflict -> throw new RefusedException(conflict.message());
            case MoveOutcome.Refused refused -> throw new RefusedException(refused.problem());
        };
    }

    private int done(MoveOutcome outcome, String what) {
        if (output == Output.json) {
            printJson(outcome.state());
            return 0;
        }
        out().printf(
                        "%s; pool %s is at revision %d%n",
                        what, outcome.state().pool(), outcome.state().revision());
        for (Alias alias : Alias.values()) {
            outcome.state().bundle(alias).ifPresent(bundle -> out().printf("%-10s  %s%n", alias.key(), bundle));
        }
        return 0;
    }
}
