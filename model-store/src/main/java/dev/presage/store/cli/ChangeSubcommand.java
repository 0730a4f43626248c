package dev.presage.store.cli;

import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.Freeze;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What changes of a pool share: who, why, on which revision, and how the outcome is told. */
abstract class ChangeSubcommand extends ModelsSubcommand {
    @Option(names = "--reason", required = true, description = "Why, for the audit log.")
    String reason = "";

    @Option(names = "--actor", description = "Who, for the audit log (default: the user's name).")
    String actor = System.getProperty("user.name", "unknown");

    @Option(
            names = "--expected-revision",
            paramLabel = "N",
            description = "Only if the pool is at this revision (default: whatever it is at).")
    Optional<Long> expectedRevision = Optional.empty();

    int report(ChangeOutcome outcome) {
        return switch (outcome) {
            case ChangeOutcome.Changed changed -> done(changed, "changed");
            case ChangeOutcome.Unchanged unchanged -> done(unchanged, "unchanged");
            case ChangeOutcome.Conflict conflict -> throw new RefusedException(conflict.message());
            case ChangeOutcome.Refused refused -> throw new RefusedException(refused.problem());
        };
    }

    private int done(ChangeOutcome outcome, String what) {
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
        Freeze freeze = outcome.state().frozen();
        if (freeze != null) {
            out().printf("frozen      by %s: %s%n", freeze.actor(), freeze.reason());
        }
        return 0;
    }
}
